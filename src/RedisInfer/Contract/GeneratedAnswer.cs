namespace RedisInfer;

/// <summary>An answer as the model generated it. Its text tokenized again may give other tokens.</summary>
/// <param name="Text">The text.</param>
/// <param name="Tokenizer">Fingerprint of the tokenizer.</param>
/// <param name="Tokens">Its tokens, without the one that ended it.</param>
internal sealed record GeneratedAnswer(string Text, string Tokenizer, int[] Tokens);
