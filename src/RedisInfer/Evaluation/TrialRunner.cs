using System.Text;
using RedisInfer.Answering;
using RedisInfer.Errors;
using RedisInfer.KvBlocks;
using RedisInfer.Prompting;
using RedisInfer.Reuse;
using RedisInfer.Scheduling;

namespace RedisInfer.Evaluation;

/// <summary>Runs prompts through the answer pipeline, and returns more details than an answer has.</summary>
internal sealed class TrialRunner(AnswerPipeline pipeline)
{
    private const string PreparingCaller = "RedisInfer prepares passages";

    /// <summary>Answers a prompt greedily. Stores nothing.</summary>
    /// <param name="prompt">The prompt.</param>
    /// <param name="setting">How its passages are computed independently; <see langword="null"/>: the prompt is exact.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.ContextTooLong"/>. Or <see cref="RedisInferErrorCode.InvalidOptions"/>: the model's KV states cannot
    /// be shifted.
    /// </exception>
    public async Task<TrialAnswer> RunAsync(Prompt prompt, PassageSetting? setting, int maxOutputTokens, CancellationToken cancellationToken)
    {
        PassagePlan? plan = setting is null ? null : pipeline.Planner.Plan(prompt, setting);
        plan = plan is null ? null : plan with { Parts = [.. plan.Parts.Select(part => part with { Chain = part.Chain.InProcessOnly() })] };
        var request = new CompletionRequest(prompt.Tokens, maxOutputTokens, new SamplingOptions { Temperature = 0 }, [])
        {
            Chain = pipeline.Planner.Head(prompt).InProcessOnly(),
            Passages = plan,
            CaptureOutput = true,
        };
        if (prompt.Tokens.Length + maxOutputTokens > pipeline.Prompts.WindowSize)
        {
            throw new RedisInferException(
                RedisInferErrorCode.ContextTooLong,
                $"A prompt of {prompt.Tokens.Length} tokens and an answer of {maxOutputTokens} do not fit into the "
                + $"{pipeline.Prompts.WindowSize} tokens of a request. Raise ContextSize, or lower MaxConcurrentRequests or MaxOutputTokens.");
        }

        (string text, CompletionResult result) = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        if (plan is not null && result.Reuse.IndependentTokens == 0)
        {
            throw new RedisInferException(
                RedisInferErrorCode.InvalidOptions,
                "The model's KV states could not be shifted to other positions; the log says why. Evaluate another model.");
        }

        return new TrialAnswer(result.Output!, text, (double)result.Reuse.IndependentTokens / prompt.Tokens.Length);
    }

    /// <summary>Computes the KV state of a passage after the system prefix only, unless it is stored already.</summary>
    /// <param name="passage">Tokens of the passage, with the separator after it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>Whether it had to be computed.</returns>
    public async Task<bool> PrepareAsync(ReadOnlyMemory<int> passage, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<int> head = pipeline.Prompts.Head;
        int[] tokens = [.. head.Span, .. passage.Span];
        KvChain chain = pipeline.Planner.Passage(head.Span, passage.Span);
        if (tokens.Length > pipeline.Prompts.WindowSize
            || await pipeline.Stores.CountStoredAsync(chain, 0, cancellationToken).ConfigureAwait(false) == chain.Blocks.Count)
        {
            return false;
        }

        var request = new CompletionRequest(tokens, MaxOutputTokens: 0, new SamplingOptions(), [], PreparingCaller) { Chain = chain };
        (_, CompletionResult result) = await RunAsync(request, cancellationToken).ConfigureAwait(false);
        return result.Reuse.Tokens < tokens.Length;
    }

    private async Task<(string Text, CompletionResult Result)> RunAsync(CompletionRequest request, CancellationToken cancellationToken)
    {
        using QueuePlace place = await pipeline.Loop.EnterAsync(request.Caller, request.Priority, cancellationToken).ConfigureAwait(false);
        CompletionStream stream = pipeline.Loop.Submit(request, place, cancellationToken);
        var text = new StringBuilder();
        await foreach (string piece in stream.ReadAsync(CancellationToken.None).ConfigureAwait(false))
        {
            text.Append(piece);
        }

        return (text.ToString(), await stream.Result.ConfigureAwait(false));
    }
}
