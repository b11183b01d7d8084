using System.Text;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A small text model of architecture <c>qwen3</c> with the vocabulary of a family. After every prompt it writes the same given tokens, and
/// then ends its turn. A token may be followed by two others, because attention tells whether the thought is written already.
/// </summary>
public sealed class ScriptedModel
{
    private const int Width = 64, HeadLength = 64;
    private const int NormalToken = 1, ControlToken = 3, UserDefinedToken = 4, ByteToken = 6;
    private const char SentencePieceSpace = '\u2581';

    // In the hidden state, the first dimension represents every token that is not in the script. The last one says that the thought is written.
    private const int AnyToken = 0, WrittenDimension = Width - 1;

    // The pair of dimensions that the position turns least.
    private const int SlowestDimension = (HeadLength / 2) - 1;

    private static readonly ByteLevelVocabulary ByteLevel = new(2048);

    private readonly bool _isByteLevel;
    private readonly string[] _tokens;
    private readonly int[] _types;
    private readonly Dictionary<int, int> _dimensions = [];
    private readonly Dictionary<int, float[]> _outputRows = [];
    private readonly int _thoughtDimension = -1;
    private int _nextFree;

    /// <summary>Makes a model.</summary>
    /// <param name="family">Its vocabulary and template.</param>
    /// <param name="thought">The tokens that it writes first, up to the thought itself. Empty: it does not think.</param>
    /// <param name="answer">The tokens that it writes then. Each is a mark of the family, or a text that becomes one token.</param>
    public ScriptedModel(ModelFamily family, IReadOnlyList<string> thought, IReadOnlyList<string> answer)
    {
        _isByteLevel = family.PreTokenizer is not null;
        File = Qwen3Model.Build(
            family.Name, Qwen3Shape.Tiny with { BlockCount = 1, HeadCount = 1, KvHeadCount = 1, FeedForwardLength = 32 }, ByteLevel, MakeTensor);
        if (!_isByteLevel)
            SentencePieceVocabulary.Apply(File);
        _tokens = File.Metadata.Get<string[]>("tokenizer.ggml.tokens");
        _types = File.Metadata.Get<int[]>("tokenizer.ggml.token_type");
        _nextFree = _tokens.Length;

        // The marks of the made vocabularies are those of other families.
        for (int id = 0; id < _tokens.Length; id++)
        {
            if (_types[id] == ControlToken)
                _tokens[id] = $"[unused {id}]";
        }

        foreach (string mark in family.Marks)
            Add(mark, family.UserDefined.Contains(mark) ? UserDefinedToken : ControlToken);
        int[] script = [.. thought.Concat(answer).Select(text => family.Marks.Contains(text) ? IdOf(text) : Add(ToToken(text), NormalToken)), IdOf(family.End)];
        Follow(script, thought.Count);
        if (thought.Count > 0)
            _thoughtDimension = _dimensions[script[thought.Count - 1]];

        File.Metadata
            .Set("tokenizer.chat_template", family.Template)
            .Set("tokenizer.ggml.bos_token_id", (uint)IdOf(family.Begin))
            .Set("tokenizer.ggml.eos_token_id", (uint)IdOf(family.End))
            .Set("tokenizer.ggml.padding_token_id", (uint)IdOf(family.End))
            .Set("tokenizer.ggml.add_bos_token", family.AddsBegin)
            .Set("tokenizer.ggml.add_space_prefix", family.AddsSpace);
        if (_isByteLevel)
            File.Metadata.Set("tokenizer.ggml.pre", family.PreTokenizer!);
    }

    public GgufModel File { get; }

    /// <summary>The token of a mark.</summary>
    public int IdOf(string mark) => Array.IndexOf(_tokens, mark);

    /// <summary>The text of tokens, marks included.</summary>
    public string Read(IEnumerable<int> tokens) => Encoding.UTF8.GetString([.. tokens.SelectMany(Bytes)]);

    private byte[] Bytes(int id) => _types[id] switch
    {
        ByteToken => [Convert.ToByte(_tokens[id][3..5], 16)],
        NormalToken when _isByteLevel => [.. _tokens[id].Select(letter => (byte)Enumerable.Range(0, 256).First(b => ByteLevel.Tokens[b][0] == letter))],
        NormalToken => Encoding.UTF8.GetBytes(_tokens[id].Replace(SentencePieceSpace, ' ')),
        _ => Encoding.UTF8.GetBytes(_tokens[id]),
    };

    private string ToToken(string text) => _isByteLevel ? ByteLevelVocabulary.ToLetters(text) : text.Replace(' ', SentencePieceSpace);

    /// <summary>Writes a token over one of the last, unless it is there.</summary>
    private int Add(string token, int type)
    {
        int id = IdOf(token);
        id = id < 0 ? --_nextFree : id;
        (_tokens[id], _types[id]) = (token, type);
        return id;
    }

    /// <summary>Sets the output layer, so that each token of the script follows the one before it.</summary>
    private void Follow(int[] script, int thoughtLength)
    {
        var followers = new Dictionary<int, int>();
        int previous = AnyToken;
        for (int i = 0; i < script.Length; i++)
        {
            int token = script[i];
            if (!_outputRows.TryGetValue(token, out float[]? row))
                _outputRows.Add(token, row = new float[Width]);
            if (followers.TryAdd(previous, token) || followers[previous] == token)
            {
                row[previous] = 1;
            }
            else
            {
                // Together more than the first follower, but each less than any.
                if (i <= thoughtLength)
                    throw new ArgumentException("Only after the thought can a token be followed by another one than before.", nameof(script));
                (row[previous], row[WrittenDimension]) = (0.5f, 0.6f);
            }

            if (!_dimensions.TryGetValue(token, out previous))
                _dimensions.Add(token, previous = _dimensions.Count + 1);
        }
    }

    private GgufTensor MakeTensor(string name, long[] shape) => shape.Length == 1
        ? GgufTensor.FromRows(name, GgufTensorType.F32, shape, (_, row) => row.Fill(name.EndsWith("q_norm.weight", StringComparison.Ordinal) ? 2 : 1))
        : GgufTensor.FromRows(name, GgufTensorType.F16, shape, (index, row) => FillRow(name, (int)index, row));

    // Queries are the same everywhere. Of the keys, only the thought's is not zero: it takes all attention. Otherwise attention adds nothing.
    private void FillRow(string name, int index, Span<float> row)
    {
        row.Clear();
        if (name == "token_embd.weight")
            row[_dimensions.GetValueOrDefault(index, AnyToken)] = 1;
        else if (name == "output.weight" && _outputRows.TryGetValue(index, out float[]? values))
            values.CopyTo(row);
        else if (name == "blk.0.attn_q.weight" && index == SlowestDimension)
            row.Fill(1);
        else if (name == "blk.0.attn_k.weight" && index == SlowestDimension && _thoughtDimension >= 0)
            row[_thoughtDimension] = 1;
        else if (name == "blk.0.attn_v.weight" && index == 0 && _thoughtDimension >= 0)
            row[_thoughtDimension] = 1 / MathF.Sqrt(Width);
        else if (name == "blk.0.attn_output.weight" && index == WrittenDimension)
            row[0] = 1;
    }
}
