using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// How passages and the question look in a prompt. Tokens of joined texts differ from joined tokens, so each piece is
/// tokenized alone and only tokens are joined: a passage's stored tokens are the same in every prompt.
/// </summary>
internal static class PassageFormat
{
    private const string PassageSeparator = "\n\n";
    private const string QuestionLabel = "Question:";

    /// <summary>Tokens of a chunk with the separator that follows it; what the store keeps.</summary>
    public static int[] TokenizeChunk(ITokenizer tokenizer, string text) =>
        tokenizer.Tokenize(text + PassageSeparator, parseSpecial: false);

    /// <summary>Tokens of the line before a passage, such as <c>[2] guides/backups.md</c>.</summary>
    public static int[] TokenizeHeading(ITokenizer tokenizer, int number, string path) =>
        tokenizer.Tokenize($"[{number}] {path.ReplaceLineEndings(" ")}\n", parseSpecial: false);

    /// <summary>Tokens of the question.</summary>
    public static int[] TokenizeQuestion(ITokenizer tokenizer, string question) =>
        tokenizer.Tokenize($"{QuestionLabel} {question}", parseSpecial: false);

    /// <summary>The tokens that every question begins with, as far as the tokenizer does not join them with what follows.</summary>
    public static int[] TokenizeQuestionLabel(ITokenizer tokenizer) => tokenizer.Tokenize(QuestionLabel, parseSpecial: false);
}
