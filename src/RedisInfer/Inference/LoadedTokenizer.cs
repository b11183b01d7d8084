namespace RedisInfer.Inference;

/// <summary>A tokenizer that was loaded without the weights of its model.</summary>
/// <param name="tokenizer">The tokenizer. It must not be used after <see cref="Dispose"/>.</param>
/// <param name="vocabulary">What the tokenizer reads from. It is disposed of with this object.</param>
public sealed class LoadedTokenizer(ITokenizer tokenizer, IDisposable vocabulary) : IDisposable
{
    /// <summary>The tokenizer.</summary>
    public ITokenizer Tokenizer => tokenizer;

    /// <summary>Frees the vocabulary.</summary>
    public void Dispose() => vocabulary.Dispose();
}
