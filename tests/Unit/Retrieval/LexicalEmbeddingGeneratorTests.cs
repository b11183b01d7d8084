using System.Numerics.Tensors;
using Microsoft.Extensions.AI;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Unit.Retrieval;

public sealed class LexicalEmbeddingGeneratorTests
{
    private static readonly LexicalEmbeddingGenerator Generator = new();

    [Theory]
    [InlineData("How long are backups of the orders database kept?")]
    [InlineData("x")]
    [InlineData("日本語のテキスト")]
    [InlineData("😀 😀")]
    [InlineData("\uD83D lone surrogate")]
    public void VectorHasLengthOne(string text) => Assert.Equal(1, TensorPrimitives.Norm<float>(Embed(text)), 1e-5);

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("--- *** {}();")]
    public void TextWithoutWordsGivesTheZeroVector(string text) => Assert.All(Embed(text), value => Assert.Equal(0, value));

    [Fact]
    public void TextsInABatchAreEmbeddedAsTheyAreAlone()
    {
        string[] texts = ["first text", "", "kv_cache::seq_rm(p0, p1)", "first text"];

        GeneratedEmbeddings<Embedding<float>> batch = Generate(texts);

        Assert.Equal(texts.Select(Embed), batch.Select(embedding => embedding.Vector.ToArray()));
    }

    [Fact]
    public async Task VectorsStayAsStored()
    {
        var embeddings = await new LexicalEmbeddingGenerator(64).GenerateAsync(
            ["kv_cache Übung 日本 x1"], null, TestContext.Current.CancellationToken);
        float[] vector = embeddings[0].Vector.ToArray();

        // Indexes already store such vectors: if this must change, so must LexicalEmbeddingGenerator.ModelId.
        Assert.Equal(
            "0:-0.1047 4:0.1047 5:-0.3627 7:-0.1047 8:0.1244 9:0.1244 10:0.1047 12:0.1451 13:0.5182 18:0.1555 20:-0.2653 "
            + "32:0.1047 33:0.1047 43:0.4145 54:-0.2902 63:0.3627",
            string.Join(' ', vector.Index().Where(pair => pair.Item != 0).Select(pair =>
                FormattableString.Invariant($"{pair.Index}:{pair.Item:f4}"))));
    }

    [Fact]
    public void MetadataNamesModelAndDimensions()
    {
        var generator = new LexicalEmbeddingGenerator(256);
        var metadata = (EmbeddingGeneratorMetadata?)((IEmbeddingGenerator)generator).GetService(typeof(EmbeddingGeneratorMetadata));

        Assert.Equal(("lexical/1", 256), (metadata!.DefaultModelId, metadata.DefaultModelDimensions));
        Assert.Same(generator, ((IEmbeddingGenerator)generator).GetService(typeof(LexicalEmbeddingGenerator)));
        Assert.Null(((IEmbeddingGenerator)generator).GetService(typeof(string)));
        Assert.Null(((IEmbeddingGenerator)generator).GetService(typeof(EmbeddingGeneratorMetadata), "key"));
    }

    [Theory]
    [InlineData(63)]
    [InlineData(16_385)]
    public void DimensionsOutOfRangeAreRefused(int dimensions) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new LexicalEmbeddingGenerator(dimensions));

    [Fact]
    public void OptionsThatAskForAnotherVectorAreRefused()
    {
        Assert.Throws<ArgumentException>(() => Generate(["a"], new EmbeddingGenerationOptions { Dimensions = 5 }));
        Assert.Throws<ArgumentException>(() => Generate(["a"], new EmbeddingGenerationOptions { ModelId = "other" }));
        Assert.Single(Generate(["a"], new EmbeddingGenerationOptions { Dimensions = 1024, ModelId = "lexical/1" }));
    }

    [Fact]
    public void CancelledGenerationThrows()
    {
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => { _ = Generator.GenerateAsync(["a"], null, cancelled.Token); });
    }

    [Fact]
    public void SeveralThreadsGetTheSameVectors()
    {
        string[] texts = [.. Enumerable.Range(0, 200).Select(i => $"document {i} on kiosk-{i % 7} and lane_{i % 3}")];
        float[][] alone = [.. texts.Select(Embed)];
        float[][] together = new float[texts.Length][];

        Parallel.For(0, texts.Length, i => together[i] = Embed(texts[i]));

        Assert.Equal(alone, together);
    }

    [Theory]
    [InlineData("kv cache", "the llama_kv_cache type", "a cache of rendered pictures")]
    [InlineData("KvCache", "llama_kv_cache", "cached values")]
    [InlineData("What does LW-204 mean?", "| LW-204 | lane sensor |", "| LW-117 | lane sensor |")]
    [InlineData("version 0.4.0", "as of v0.4.0 it is", "as of v0.5.1 it is")]
    [InlineData("How are backups stored?", "storing a backup", "backing up a truck")]
    [InlineData("copies of an invoice", "copy the invoices", "the copier in the office")]
    [InlineData("Where is the guest network?", "Guests use the network HHS-Gangway.", "Where is the door and where is the car?")]
    [InlineData("acknowledgment", "acknowledgement of incidents", "accompaniment of incidents")]
    [InlineData("バックアップの保存期間", "バックアップは三十日保存", "会議室は二階")]
    [InlineData("zálohování databáze", "zálohování databáze objednávek", "dovolená zaměstnanců")]
    public void NearerTextIsTheOneThatAnswers(string question, string near, string far)
    {
        float[] query = Embed(question);

        Assert.True(TensorPrimitives.Dot<float>(query, Embed(near)) > TensorPrimitives.Dot<float>(query, Embed(far)) + 0.05f);
    }

    [Fact]
    public void NumberInAQuestionDecidesAmongDocumentsThatAreAlike()
    {
        string[] words = ["bridge", "river", "gateway", "manager", "ferry", "port", "window", "token", "lamp", "ticket", "valley"];
        int[] units = [.. Enumerable.Range(0, 400).Select(i => 1000 + (i * 17))];
        float[][] documents = [.. units.Select((unit, i) => Embed(
            $"# Unit {unit}\n\n{string.Join(' ', Enumerable.Range(0, 5 + (i % 60)).Select(k => words[(k * (i + 3)) % words.Length]))}.\n\n"
            + $"The access code of unit {unit} is K{i * 7919}."))];

        for (int i = 0; i < units.Length; i += 10)
        {
            float[] query = Embed($"What is the access code of unit {units[i]}?");
            float own = TensorPrimitives.Dot<float>(query, documents[i]);
            int better = documents.Count(document => TensorPrimitives.Dot<float>(query, document) > own);
            Assert.True(better < 5, $"{better} documents are nearer to the question for unit {units[i]}.");
        }
    }

    [Fact]
    public void CaseAndPunctuationHardlyMatter() =>
        Assert.InRange(TensorPrimitives.Dot<float>(Embed("Guest network."), Embed("guest NETWORK")), 0.99f, 1.001f);

    [Fact]
    public void FunctionWordsHardlyMatter() =>
        Assert.InRange(TensorPrimitives.Dot<float>(Embed("guest network"), Embed("Which is the guest network?")), 0.95f, 1.001f);

    [Fact]
    public void VeryLongWordsAndCompoundsAreRead()
    {
        string text = new string('q', 100_000) + " " + string.Join('_', Enumerable.Repeat("part", 10_000)) + " harbour";

        Assert.True(TensorPrimitives.Dot<float>(Embed(text), Embed("harbour")) > 0.1f);
    }

    private static float[] Embed(string text) => Generate([text])[0].Vector.ToArray();

    private static GeneratedEmbeddings<Embedding<float>> Generate(IEnumerable<string> texts, EmbeddingGenerationOptions? options = null)
    {
        Task<GeneratedEmbeddings<Embedding<float>>> task = Generator.GenerateAsync(texts, options, TestContext.Current.CancellationToken);
        Assert.True(task.IsCompletedSuccessfully);
        return task.GetAwaiter().GetResult();
    }
}
