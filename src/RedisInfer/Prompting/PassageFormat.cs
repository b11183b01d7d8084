using RedisInfer.Inference;

namespace RedisInfer.Prompting;

/// <summary>
/// The format of passages and of the question in a prompt. The tokens of a joined text differ from the joined tokens of its pieces. So each
/// piece is tokenized alone, and only tokens are joined: a passage's stored tokens are the same in every prompt.
/// </summary>
internal static class PassageFormat
{
    private const string PassageSeparator = "\n\n";
    private const string QuestionLabel = "Question:";

    /// <summary>Tokens of a chunk and of the separator that follows it, as the store keeps them.</summary>
    public static int[] TokenizeChunk(ITokenizer tokenizer, string text) =>
        tokenizer.Tokenize(text + PassageSeparator, parseSpecial: false);

    /// <summary>Tokens of the line before a passage, such as <c>[2] guides/backups.md</c>.</summary>
    public static int[] TokenizeHeading(ITokenizer tokenizer, int number, string path) =>
        tokenizer.Tokenize($"[{number}] {path.ReplaceLineEndings(" ")}\n", parseSpecial: false);

    /// <summary>Tokens of the question.</summary>
    public static int[] TokenizeQuestion(ITokenizer tokenizer, string question) =>
        tokenizer.Tokenize($"{QuestionLabel} {question}", parseSpecial: false);

    /// <summary>The tokens that every question begins with, unless the tokenizer joins them with the text that follows.</summary>
    public static int[] TokenizeQuestionLabel(ITokenizer tokenizer) => tokenizer.Tokenize(QuestionLabel, parseSpecial: false);
}
