using RedisInfer.Errors;

namespace RedisInfer.Inference;

/// <summary>What a model file says about the form of conversations.</summary>
/// <param name="Path">Path of the file, which errors name.</param>
/// <param name="Template">The chat template (Jinja source); <see langword="null"/>: the file has none.</param>
/// <param name="BeginOfText">Text of the token that begins a text; empty: there is none.</param>
/// <param name="EndOfText">Text of the token that ends a text; empty: there is none.</param>
public sealed record ChatFormat(string Path, string? Template, string BeginOfText, string EndOfText)
{
    internal RedisInferException NoTemplate() => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"'{Path}' has no chat template ('tokenizer.chat_template'): it is a base model. Use its instruction-tuned variant.");
}
