using System.Text;

namespace RedisInfer.Prompting;

/// <summary>How a family of models writes thoughts before an answer.</summary>
/// <param name="Open">What begins a thought.</param>
/// <param name="Close">What ends it.</param>
/// <param name="Answer">What the model writes between a thought and the answer, besides white space; empty: nothing.</param>
internal sealed record ThoughtForm(string Open, string Close, string Answer = "")
{
    /// <summary>The forms that are known.</summary>
    public static IReadOnlyList<ThoughtForm> All { get; } =
    [
        new("<think>", "</think>"),
        new("<thinking>", "</thinking>"),
        new("<seed:think>", "</seed:think>"),
        new("<think:opensource>", "</think:opensource>"),
        new("[THINK]", "[/THINK]"),
        new("<|START_THINKING|>", "<|END_THINKING|>"),
        new("<|inner_prefix|>", "<|inner_suffix|>"),
        new("\u25c1think\u25b7", "\u25c1/think\u25b7"),
        new("<|open|>think<|sep|>", "<|close|>think<|sep|>", "<|open|>response<|sep|>"),
        new("<|channel>thought", "<channel|>"),
        new("<|channel|>analysis<|message|>", "<|end|>", "<|start|>assistant<|channel|>final<|message|>"),
        new("<|channel|>commentary<|message|>", "<|end|>", "<|start|>assistant<|channel|>final<|message|>"),
    ];

    /// <summary>The last byte of <see cref="Close"/> in UTF-8. A token without it ends no thought.</summary>
    public byte LastByte { get; } = Encoding.UTF8.GetBytes(Close)[^1];

    /// <summary>What ends a thought that takes too long, so that the answer follows.</summary>
    public string EndOfThought => Answer.Length > 0 ? Close + Answer : $"\n{Close}\n\n";

    /// <summary>What may be before a thought or an answer, and is no part of either.</summary>
    public static IReadOnlyList<string> Between { get; } =
    [
        "<|start|>assistant", "<|channel|>final<|message|>", "<|open|>response<|sep|>",
        "<|START_RESPONSE|>", "<|START_TEXT|>", "<|begin_of_box|>",
    ];

    /// <summary>Whether a chat template knows thoughts, so that its model may write some.</summary>
    /// <param name="template">The template.</param>
    public static bool IsKnownTo(string template) => All.Any(form => template.Contains(form.Open, StringComparison.Ordinal));

    /// <summary>The form of a thought that a text leaves open at its end.</summary>
    /// <param name="text">What is before an answer.</param>
    /// <returns>The form; <see langword="null"/> if no thought is open.</returns>
    public static ThoughtForm? OpenAtEnd(string text)
    {
        string trimmed = text.TrimEnd();
        return All.FirstOrDefault(form => trimmed.EndsWith(form.Open, StringComparison.Ordinal));
    }
}
