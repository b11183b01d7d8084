namespace RedisInfer.Answering;

/// <summary>
/// How the model is asked to rewrite a question of a conversation for the search. The task follows the conversation as a turn of its own, so
/// the prompt begins like the prompt of the answer, and little of it is prefilled.
/// </summary>
internal static class QuestionRewriting
{
    // A longer text is no question.
    private const int MaxTokens = 64;

    private const string Task =
        "\n\nDo not answer this question. Rewrite it so that it can be understood without our conversation: replace words such as \"it\" and "
        + "\"the other one\" with what they mean. Write only the rewritten question.";

    /// <summary>The request for a rewritten question.</summary>
    public static RagRequest ToRequest(RagRequest request) => request with
    {
        Question = request.Question + Task,
        MaxOutputTokens = MaxTokens,
        MaxReasoningTokens = 0,
        Sampling = new SamplingOptions { Temperature = 0 },
        StopSequences = [],
        ResponseFormat = null,
    };

    /// <summary>Reads the question from what the model wrote: its first line.</summary>
    /// <returns>The question; <see langword="null"/> if there is none.</returns>
    public static string? Read(string text)
    {
        string line = text.Trim().Split('\n')[0].Trim().Trim('"');
        return line.Any(char.IsLetterOrDigit) ? line : null;
    }
}
