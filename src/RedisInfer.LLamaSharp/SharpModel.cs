using System.Runtime.InteropServices;
using LLama.Native;
using RedisInfer.Llama.Binding;

namespace RedisInfer.LLamaSharp;

/// <summary>A model that LLamaSharp has loaded.</summary>
internal sealed unsafe class SharpModel : BoundModel
{
    private readonly SafeLlamaModelHandle _model;
    private readonly LoadedLibrary _library;
    private readonly nint _vocabulary;

    internal SharpModel(SafeLlamaModelHandle model, bool usesGpu, LoadedLibrary library)
    {
        _model = model;
        _library = library;
        UsesGpu = usesGpu;
        SetHandle(model.DangerousGetHandle());
        _vocabulary = library.GetVocabulary(handle);
    }

    /// <summary>LLamaSharp's handle.</summary>
    internal SafeLlamaModelHandle Model => _model;

    /// <summary>Whether layers are on a GPU.</summary>
    internal bool UsesGpu { get; }

    public override ModelFacts ReadFacts() => new()
    {
        TrainedContextSize = _model.ContextSize,
        EmbeddingLength = _library.GetEmbeddingLength(handle),
        WeightBytes = checked((long)_model.SizeInBytes),
        ParameterCount = checked((long)_model.ParameterCount),
        HasEncoder = _model.HasEncoder,
        HasDecoder = _model.HasDecoder,
        HasRecurrentState = _model.IsRecurrent || _library.IsHybrid(handle) != 0,
        IsDiffusion = _model.IsDiffusion,
        HasRotaryPositions = _model.RopeType != LLamaRopeType.None,
        ChatTemplate = TemplateOf(default),
        RerankTemplate = TemplateOf("rerank\0"u8),
        ClassCount = checked((int)_library.GetClassCount(handle)),
        VocabularySize = _model.Vocab.Count,
        VocabularyType = (int)_model.Vocab.Type,
        BeginOfText = (int)(_model.Vocab.BOS ?? LLamaToken.InvalidToken),
        EndOfText = (int)(_model.Vocab.EOS ?? LLamaToken.InvalidToken),
        Separator = (int)(_model.Vocab.SEP ?? LLamaToken.InvalidToken),
        AddsSeparator = _library.AddsSeparator(_vocabulary) != 0,
    };

    public override int Tokenize(byte* text, int length, int* tokens, int capacity, bool addSpecial, bool parseSpecial) =>
        _library.Tokenize(_vocabulary, text, length, tokens, capacity, addSpecial ? (byte)1 : (byte)0, parseSpecial ? (byte)1 : (byte)0);

    public override int ReadPiece(int token, byte* buffer, int capacity) =>
        NativeApi.llama_token_to_piece(_model.Vocab, token, new Span<byte>(buffer, capacity), lstrip: 0, special: false);

    public override string ReadText(int token) => Marshal.PtrToStringUTF8((nint)_library.GetText(_vocabulary, token)) ?? "";

    public override int ReadAttributes(int token) => (int)((LLamaToken)token).GetAttributes(_model);

    public override bool IsEndOfGeneration(int token) => ((LLamaToken)token).IsEndOfGeneration(_model);

    public override string? ReadClassLabel(int output) => Marshal.PtrToStringUTF8((nint)_library.GetClassLabel(handle, (uint)output));

    public override BoundContext? CreateContext(ContextSettings settings) => SharpContext.Create(this, _library, settings);

    public override BoundSampler CreateSampler() => new SharpSampler(this);

    private string? TemplateOf(ReadOnlySpan<byte> name)
    {
        fixed (byte* pointer = name)
        {
            return Marshal.PtrToStringUTF8((nint)_library.GetTemplate(handle, pointer));
        }
    }

    protected override bool ReleaseHandle()
    {
        _model.Dispose();
        return true;
    }
}
