namespace RedisInfer.Inference;

/// <summary>A tokenizer that was loaded without the weights of its model.</summary>
/// <param name="tokenizer">The tokenizer. It must not be used after <see cref="Dispose"/>.</param>
/// <param name="chatFormat">
/// The form of the model's conversations; <see langword="null"/>: the model renders them itself, or generates no text.
/// </param>
/// <param name="vocabulary">What the tokenizer reads from. It is disposed of with this object.</param>
public sealed class LoadedTokenizer(ITokenizer tokenizer, ChatFormat? chatFormat, IDisposable vocabulary) : IDisposable
{
    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer => tokenizer;

    /// <summary>
    /// The form of the model's conversations, so that a template that fails is found before anything is indexed;
    /// <see langword="null"/>: the model renders them itself, or generates no text.
    /// </summary>
    public ChatFormat? ChatFormat => chatFormat;

    /// <summary>Frees the vocabulary.</summary>
    public void Dispose() => vocabulary.Dispose();
}
