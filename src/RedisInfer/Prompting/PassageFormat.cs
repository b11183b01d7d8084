using RedisInfer.Chunking;
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

    /// <summary>Tokens of a chunk under its trail and of the separator that follows it, as the store keeps them.</summary>
    public static int[] TokenizeChunk(ITokenizer tokenizer, string trail, string text) =>
        Tokenize(tokenizer, TrailText.Before(trail, text));

    /// <summary>
    /// Tokens of a stored chunk for a prompt. They are the stored ones, unless its text has a line that reads as a line of the prompt.
    /// Such lines are escaped here and not when a chunk is stored. So they are harmless whatever release has stored them.
    /// </summary>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="trail">The trail of the chunk.</param>
    /// <param name="text">Its text.</param>
    /// <param name="stored">Its stored tokens.</param>
    public static ReadOnlyMemory<int> TokensInPrompt(ITokenizer tokenizer, string trail, string text, ReadOnlyMemory<int> stored)
    {
        string shown = TrailText.Before(trail, text);
        string escaped = FrameLines.EscapeIn(shown, beginsALine: true);
        return ReferenceEquals(escaped, shown) ? stored : Tokenize(tokenizer, escaped);
    }

    /// <summary>Tokens of a chunk for a prompt, if they are not known.</summary>
    public static int[] TokenizePassage(ITokenizer tokenizer, string trail, string text) =>
        Tokenize(tokenizer, FrameLines.EscapeIn(TrailText.Before(trail, text), beginsALine: true));

    /// <summary>Tokens of the line before a passage, such as <c>[2] guides/backups.md</c>.</summary>
    public static int[] TokenizeHeading(ITokenizer tokenizer, int number, string path) =>
        tokenizer.Tokenize($"[{number}] {FrameLines.InOneLine(path)}\n", parseSpecial: false);

    /// <summary>Tokens of the question.</summary>
    public static int[] TokenizeQuestion(ITokenizer tokenizer, string question) =>
        tokenizer.Tokenize($"{QuestionLabel} {FrameLines.EscapeIn(question, beginsALine: false)}", parseSpecial: false);

    /// <summary>
    /// Tokens of the answer of an earlier turn: those that were generated, if they are known. Its text may come from a client, so no line of
    /// it can read as a line of the prompt.
    /// </summary>
    public static int[] TokenizeAnswer(ITokenizer tokenizer, RagTurn turn)
    {
        string escaped = FrameLines.EscapeIn(turn.Answer, beginsALine: true);
        return turn.Generated is { } generated && generated.Text == escaped && generated.Tokenizer == tokenizer.Fingerprint
            ? generated.Tokens
            : tokenizer.Tokenize(escaped, parseSpecial: false);
    }

    private static int[] Tokenize(ITokenizer tokenizer, string shown) => tokenizer.Tokenize(shown + PassageSeparator, parseSpecial: false);

    /// <summary>The tokens that every question begins with, unless the tokenizer joins them with the text that follows.</summary>
    public static int[] TokenizeQuestionLabel(ITokenizer tokenizer) => tokenizer.Tokenize(QuestionLabel, parseSpecial: false);
}
