namespace RedisInfer.Inference;

/// <summary>A model's tokenizer. Members may be called from several threads at once.</summary>
public interface ITokenizer
{
    /// <summary>Identity of the vocabulary, 32 hexadecimal digits. Equal identities give equal tokens for every text.</summary>
    string Fingerprint { get; }

    /// <summary>Number of tokens in the vocabulary. Token ids run from 0 to <c>VocabularySize - 1</c>.</summary>
    int VocabularySize { get; }

    /// <summary>
    /// Special tokens that the model expects before every input: begin-of-text or a classification token. Empty for many models. A prompt
    /// and a text to embed begin with them. Valid as long as the tokenizer.
    /// </summary>
    ReadOnlyMemory<int> LeadingTokens => ReadOnlyMemory<int>.Empty;

    /// <summary>
    /// Special tokens that the model expects after a text to embed: end-of-text or a separator. Empty for many models. A prompt does not
    /// end with them.
    /// </summary>
    ReadOnlyMemory<int> TrailingTokens => ReadOnlyMemory<int>.Empty;

    /// <summary>
    /// Special tokens that a re-ranker expects between the two texts of a pair. Empty for many models. Valid as long as the tokenizer.
    /// </summary>
    ReadOnlyMemory<int> PairTokens => ReadOnlyMemory<int>.Empty;

    /// <summary>Turns text into tokens. Adds neither <see cref="LeadingTokens"/> nor <see cref="TrailingTokens"/>.</summary>
    /// <param name="text">Any text; unpaired surrogates become U+FFFD.</param>
    /// <param name="parseSpecial">
    /// Whether text such as <c>&lt;|im_end|&gt;</c> becomes the control token. Turn it off for everything that a document or a user wrote.
    /// </param>
    /// <returns>The tokens.</returns>
    int[] Tokenize(ReadOnlySpan<char> text, bool parseSpecial);

    /// <summary>Counts the tokens of a text, with special tokens off.</summary>
    /// <param name="text">Any text.</param>
    /// <returns>The number of tokens.</returns>
    int CountTokens(ReadOnlySpan<char> text);

    /// <summary>Returns the UTF-8 bytes of a token. A token may hold part of a character. Control tokens give no bytes.</summary>
    /// <param name="token">A token id.</param>
    /// <returns>The bytes, valid as long as the tokenizer.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    ReadOnlySpan<byte> GetBytes(int token);

    /// <summary>
    /// Returns the name of a control token, such as <c>&lt;|channel|&gt;</c>. Some models mark their thoughts with control tokens, which have
    /// no bytes.
    /// </summary>
    /// <param name="token">A token id.</param>
    /// <returns>The name; empty for other tokens, and if the tokenizer does not know names.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    string GetControlName(int token) => "";

    /// <summary>Whether a token ends the model's output (end of text, end of turn).</summary>
    /// <param name="token">A token id.</param>
    /// <returns><see langword="true"/> if the model has finished.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The id is not in the vocabulary.</exception>
    bool IsEndOfGeneration(int token);
}
