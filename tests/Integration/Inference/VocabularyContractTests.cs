using System.Text;
using RedisInfer.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What a tokenizer must do with other kinds of vocabularies, with every engine.</summary>
public abstract class VocabularyContractTests(EngineUnderTest engine)
{
    private const int UserDefinedToken = 4;

    private static readonly string[] Marks = ["</think>", "</tool_call>", "<|im_start|>"];

    [Theory]
    [InlineData("The parser ends a thought at </think> and a tool call at </tool_call>.")]
    [InlineData("</think>")]
    [InlineData("</think></think><|im_start|></tool_call>")]
    [InlineData("</thi</think>nk></tool_</think>call>")]
    [InlineData("<|im_end|> ends a turn; <|im_start|>assistant begins one.")]
    [InlineData("[2] docs/</think>.md")]
    [InlineData("\uD83D\uDE00</think>\uD83D\uDE00")]
    public async Task MarkOfAVocabularyIsNoTokenOfAText(string text)
    {
        GgufModel file = TinyQwen3.Text();
        string[] tokens = file.Metadata.Get<string[]>("tokenizer.ggml.tokens");
        int[] types = file.Metadata.Get<int[]>("tokenizer.ggml.token_type");
        int first = tokens.Length - Marks.Length;
        Marks.CopyTo(tokens, first);
        Array.Fill(types, UserDefinedToken, first, Marks.Length);
        using IInferenceModel model = await LoadAsync(file);

        int[] asText = model.Tokenizer.Tokenize(text, parseSpecial: false);

        Assert.All(asText, token => Assert.InRange(token, 0, first - 1));
        Assert.Equal(text, Read(model.Tokenizer, asText));
        Assert.Equal(asText.Length, model.Tokenizer.CountTokens(text));
        Assert.Equal([first], model.Tokenizer.Tokenize(Marks[0], parseSpecial: true));
    }

    [Fact]
    public async Task LongTextWithManyMarksGivesNone()
    {
        GgufModel file = TinyQwen3.Text();
        int[] types = file.Metadata.Get<int[]>("tokenizer.ggml.token_type");
        Array.Fill(types, UserDefinedToken, types.Length - Marks.Length, Marks.Length);
        using IInferenceModel model = await LoadAsync(file);
        string text = string.Concat(Enumerable.Repeat("a<|im_start|><|endoftext|>", 3_000));

        int[] tokens = model.Tokenizer.Tokenize(text, parseSpecial: false);

        Assert.All(tokens, token => Assert.InRange(token, 0, types.Length - Marks.Length - 1));
        Assert.Equal(text, Read(model.Tokenizer, tokens));
    }

    [Theory]
    [InlineData("Backups are kept for 31 days.\n\n")]
    [InlineData(" two  spaces ")]
    [InlineData("naïve 中文 😀")]
    [InlineData("[1] guides/backups.md\n")]
    public async Task PieceOfSentencePieceHasNoSpaceOfItsOwn(string text)
    {
        using IInferenceModel model = await LoadAsync(SentencePieceVocabulary.Apply(TinyQwen3.Text()));

        Assert.Equal(text, Read(model.Tokenizer, model.Tokenizer.Tokenize(text, parseSpecial: false)));
        Assert.Equal(text, Read(model.Tokenizer, model.Tokenizer.Tokenize(text, parseSpecial: true)));
        Assert.Equal(SentencePieceVocabulary.BeginOfText, model.Info.BeginOfText);
        Assert.Equal([1], model.Tokenizer.LeadingTokens.ToArray());
    }

    [Fact]
    public async Task LongRunOfSentencePieceIsNotCutWithSpaces()
    {
        using IInferenceModel model = await LoadAsync(SentencePieceVocabulary.Apply(TinyQwen3.Text()));
        string text = new('a', 5_000);

        Assert.Equal(text, Read(model.Tokenizer, model.Tokenizer.Tokenize(text, parseSpecial: false)));
    }

    [Fact]
    public async Task ControlTokensHaveNamesAndOthersHaveNone()
    {
        using IInferenceModel model = await LoadAsync(SentencePieceVocabulary.Apply(TinyQwen3.Text()));
        int[] tokens = model.Tokenizer.Tokenize("[THINK]a", parseSpecial: true);

        Assert.Equal("[THINK]", model.Tokenizer.GetControlName(tokens[0]));
        Assert.Equal("", model.Tokenizer.GetControlName(tokens[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => model.Tokenizer.GetControlName(-1));
    }

    private static string Read(ITokenizer tokenizer, int[] tokens) =>
        Encoding.UTF8.GetString([.. tokens.SelectMany(token => tokenizer.GetBytes(token).ToArray())]);

    private async Task<IInferenceModel> LoadAsync(GgufModel file)
    {
        using var folder = new TemporaryFolder();
        return await engine.Engine.LoadModelAsync(
            new ModelOptions { Path = folder.Write("model.gguf", file.ToBytes()) }, null, TestContext.Current.CancellationToken);
    }
}
