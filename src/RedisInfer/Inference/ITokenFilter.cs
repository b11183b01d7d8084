namespace RedisInfer.Inference;

/// <summary>Decides which tokens may be chosen next. Used by the thread that owns the context.</summary>
public interface ITokenFilter
{
    /// <summary>Whether a token may be chosen. Cheap, unlike <see cref="Restrict"/>.</summary>
    /// <param name="token">A token id.</param>
    /// <returns>Whether it may be chosen.</returns>
    bool Allows(int token);

    /// <summary>Sets the logits of all tokens that may not be chosen to minus infinity.</summary>
    /// <param name="logits">One number for each token of the vocabulary.</param>
    /// <exception cref="Errors.RedisInferException">No token may be chosen.</exception>
    void Restrict(Span<float> logits);
}
