using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>A family of models, and what a prompt and an output of it are.</summary>
/// <param name="Family">The vocabulary and the template.</param>
/// <param name="Head">What is in the prompt before the user's own text. The instructions are <c>Be brief.</c></param>
/// <param name="Tail">What is in the prompt after the user's text.</param>
internal sealed record TemplateCase(ModelFamily Family, string Head, string Tail)
{
    /// <summary>What the model writes before the text of its thought; <see langword="null"/>: it does not think.</summary>
    public IReadOnlyList<string>? BeforeThought { get; init; }

    /// <summary>What the model writes before the text of its answer.</summary>
    public IReadOnlyList<string> BeforeAnswer { get; init; } = [];
}
