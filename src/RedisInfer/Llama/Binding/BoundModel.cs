using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>
/// Owns a <c>llama_model</c>. Members are called only while the handle is in use, from several threads at once. Tokens are below
/// <see cref="ModelFacts.VocabularySize"/>.
/// </summary>
public abstract unsafe class BoundModel() : SafeHandle(invalidHandleValue: 0, ownsHandle: true)
{
    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary>Reads what llama.cpp reports about the model.</summary>
    /// <returns>The facts.</returns>
    public abstract ModelFacts ReadFacts();

    /// <summary><c>llama_tokenize</c>.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="tokens">Receives the tokens.</param>
    /// <param name="capacity">Room for that many tokens.</param>
    /// <param name="addSpecial">Whether the tokens around a text are added.</param>
    /// <param name="parseSpecial">Whether names of control tokens become such tokens.</param>
    /// <returns>Number of tokens. Negative: there is no room for so many. The least value: there are too many to count.</returns>
    public abstract int Tokenize(byte* text, int length, int* tokens, int capacity, bool addSpecial, bool parseSpecial);

    /// <summary><c>llama_token_to_piece</c>, without special tokens.</summary>
    /// <param name="token">The token.</param>
    /// <param name="buffer">Receives the bytes.</param>
    /// <param name="capacity">Room for that many bytes.</param>
    /// <returns>Number of bytes. Negative: there is no room for so many.</returns>
    public abstract int ReadPiece(int token, byte* buffer, int capacity);

    /// <summary><c>llama_vocab_get_text</c>.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The text that the vocabulary has for it.</returns>
    public abstract string ReadText(int token);

    /// <summary><c>llama_vocab_get_attr</c>.</summary>
    /// <param name="token">The token.</param>
    /// <returns>The bits of <c>llama_token_attr</c>.</returns>
    public abstract int ReadAttributes(int token);

    /// <summary><c>llama_vocab_is_eog</c>.</summary>
    /// <param name="token">The token.</param>
    /// <returns>Whether it ends what a model generates.</returns>
    public abstract bool IsEndOfGeneration(int token);

    /// <summary><c>llama_model_cls_label</c>.</summary>
    /// <param name="output">An output of the classification head, below <see cref="ModelFacts.ClassCount"/>.</param>
    /// <returns>Its name; <see langword="null"/> if it has none.</returns>
    public abstract string? ReadClassLabel(int output);

    /// <summary>Creates a context (<c>llama_init_from_model</c>) with its abort callback and its compute threads.</summary>
    /// <param name="settings">Its settings.</param>
    /// <returns>The context, which keeps the model alive; <see langword="null"/> if llama.cpp refused.</returns>
    public abstract BoundContext? CreateContext(ContextSettings settings);

    /// <summary>Creates an empty chain of samplers (<c>llama_sampler_chain_init</c>).</summary>
    /// <returns>The chain, which keeps the model alive.</returns>
    public abstract BoundSampler CreateSampler();

    /// <summary>Keeps the model alive while it is in use.</summary>
    internal HandleUse Use() => new(this);
}
