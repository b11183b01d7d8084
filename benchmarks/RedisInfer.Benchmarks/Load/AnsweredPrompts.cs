using System.Text;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;

namespace RedisInfer.Benchmarks.Load;

/// <summary>The prompts of answered questions.</summary>
internal static class AnsweredPrompts
{
    /// <summary>Builds the prompts of the answers again.</summary>
    public static async Task<IReadOnlyList<AnsweredPrompt>> CreateAsync(
        string modelPath, IReadOnlyList<TimedAnswer> answers, CancellationToken cancellationToken)
    {
        using IInferenceModel model = await new LlamaEngine().LoadModelAsync(new ModelOptions { Path = modelPath }, null, cancellationToken);
        var options = new RedisInferOptions();
        var builder = PromptBuilder.Create(model, options.Capacity.ContextSize, options.SystemPrompt, enableThinking: false, TimeProvider.System);
        return [.. answers.Select(one => Build(one.Answer))];

        AnsweredPrompt Build(RagAnswer answer)
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
                ? new AnsweredPrompt(answer.Question, GetText(model.Tokenizer, tokens), tokens, answer.Usage.GeneratedTokens)
                : throw new InvalidOperationException($"The prompt of '{answer.Question}' had {answer.Usage.PromptTokens} tokens, not {tokens.Length}.");
        }
    }

    private static string GetText(ITokenizer tokenizer, int[] tokens)
    {
        using var bytes = new MemoryStream();
        foreach (int token in tokens)
        {
            string control = tokenizer.GetControlName(token);
            bytes.Write(control.Length > 0 ? Encoding.UTF8.GetBytes(control) : tokenizer.GetBytes(token));
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}
