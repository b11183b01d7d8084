using System.Text.Json;
using RedisInfer.Inference;
using RedisInfer.Prompting;

namespace RedisInfer.Tests.Support.DemoModel;

/// <summary>A case from the demo model's generator.</summary>
/// <param name="Passages">The passages of all turns, in prompt order.</param>
/// <param name="Turns">The earlier turns, oldest first.</param>
/// <param name="Question">The question.</param>
/// <param name="Answer">The exact answer without citation, or <see langword="null"/> if no passage contains it.</param>
/// <param name="Citations">Numbers of the passages that are correct citations.</param>
public sealed record GeneratedCase(
    IReadOnlyList<GeneratedPassage> Passages, IReadOnlyList<GeneratedTurn> Turns, string Question, string? Answer, IReadOnlyList<int> Citations)
{
    /// <summary>Tokens of the prompt as the recipe writes them; only in its file of prompts.</summary>
    public int[]? Prompt { get; init; }

    /// <summary>Reads a file of the recipe, one case a line.</summary>
    public static async Task<IReadOnlyList<GeneratedCase>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        string[] lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return [.. lines.Select(line => JsonSerializer.Deserialize<GeneratedCase>(line, JsonSerializerOptions.Web)!)];
    }

    /// <summary>Makes the prompt with the library's own code.</summary>
    /// <param name="model">The model that answers.</param>
    /// <param name="answerTokens">Tokens to leave for the answer.</param>
    /// <returns>Its tokens.</returns>
    public int[] BuildPrompt(IInferenceModel model, int answerTokens)
    {
        var options = new RedisInferOptions();
        var prompts = PromptBuilder.Create(
            model, model.Info.TrainedContextSize, options.SystemPrompt, options.Engine.EnableThinking, TimeProvider.System);
        RagTurn[] history = [.. Turns.Select(turn => new RagTurn(turn.Question, turn.Answer)
        {
            Passages = [.. Passages.Take(turn.Passages).Select((passage, i) => passage.ToRagPassage(i + 1))],
        })];
        Passage[] found = [.. Passages.Select((passage, i) => passage.ToPassage(model.Tokenizer, i))];
        return prompts.Build(Question, found, answerTokens, new PromptConversation(history, "")).Tokens;
    }
}
