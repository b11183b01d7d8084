using System.Diagnostics;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;

namespace RedisInfer.Benchmarks.Load;

/// <summary>The prompts of answered questions, token by token, and how many tokens each answer had.</summary>
internal sealed class LlamaServerPrompts
{
    private readonly IReadOnlyList<(int[] Tokens, int AnswerTokens)> _prompts;

    private LlamaServerPrompts(IReadOnlyList<(int[] Tokens, int AnswerTokens)> prompts) => _prompts = prompts;

    /// <summary>Builds the prompts of the answers again.</summary>
    public static async Task<LlamaServerPrompts> CreateAsync(
        string modelPath, IReadOnlyList<TimedAnswer> answers, CancellationToken cancellationToken)
    {
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        var options = new RedisInferOptions();
        var builder = PromptBuilder.Create(model, options.Capacity.ContextSize, options.SystemPrompt, enableThinking: false, TimeProvider.System);
        return new LlamaServerPrompts([.. answers.Select(one => (Build(one.Answer), one.Answer.Usage.GeneratedTokens))]);

        int[] Build(RagAnswer answer)
        {
            int[] tokens = builder.Build(
                answer.Question,
                [.. answer.Passages.Select(passage => new Passage(
                    passage.Path,
                    passage.Chunk,
                    passage.StartLine,
                    passage.EndLine,
                    passage.Score,
                    passage.Text,
                    PassageFormat.TokenizeChunk(model.Tokenizer, passage.Trail, passage.Text)))],
                1).Tokens;
            return tokens.Length == answer.Usage.PromptTokens
                ? tokens
                : throw new InvalidOperationException($"The prompt of '{answer.Question}' had {answer.Usage.PromptTokens} tokens, not {tokens.Length}.");
        }
    }

    /// <summary>Gives the prompts to the server, from callers in a closed loop, and waits for as many tokens as our answers had.</summary>
    public async Task<TimeSpan> AskAsync(LlamaServer server, int callers, CancellationToken cancellationToken)
    {
        await server.CompleteAsync(_prompts[^1].Tokens, 2, cancellationToken);
        int next = -1;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            for (int i = Interlocked.Increment(ref next); i < _prompts.Count; i = Interlocked.Increment(ref next))
            {
                await server.CompleteAsync(_prompts[i].Tokens, _prompts[i].AnswerTokens, cancellationToken);
            }
        }));
        return Stopwatch.GetElapsedTime(start);
    }
}
