using System.CommandLine;
using System.Text.Json;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Typed;

/// <summary>
/// Measures what it costs to hold an answer to a schema. The model is tiny and has a large vocabulary, so that the choice of tokens counts. Its
/// weights are random: in a text it writes what it likes, and of numbers hardly any token is its own choice.
/// </summary>
internal static class TypedCommand
{
    private const int VocabularySize = 151_936;
    private const int Tokens = 400;
    private const string Question = "How long are backups kept?";

    // A part of the file name. Change it whenever the written bytes change.
    private const string Recipe = "r1";

    public static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "How often each time is measured; the median counts.", DefaultValueFactory = _ => 5 };
        var command = new Command("typed", "Measures answers that are held to a schema against free ones.") { rounds };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed.GetValue(rounds), cancellationToken));
        return command;
    }

    private static async Task RunAsync(int rounds, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = ModelPath(), Corpus = "typed", MaxOutputTokens = Tokens, Capacity = { MaxConcurrentRequests = 1 }, Engine = { DraftTokens = 0 } },
            new RagComponents { Connection = server });
        await runtime.Index.AddAsync(new RagDocument("backups.md", "Backups are kept for 90 days."), cancellationToken);
        double free = await MeasureAsync(runtime, schema: null, rounds, cancellationToken);
        double text = await MeasureAsync(runtime, """{"type":"array","items":{"type":"string","maxLength":2000}}""", rounds, cancellationToken);
        double numbers = await MeasureAsync(runtime, """{"type":"array","items":{"type":"integer","minimum":-5000,"maximum":70000}}""", rounds, cancellationToken);
        Console.WriteLine($"{VocabularySize:N0} tokens in the vocabulary: {free:0.000} ms a token free, {text:0.000} ms in strings, {numbers:0.000} ms in numbers");
        var figures = new Figures();
        figures.Add("typed_text_over_free", text / free);
        figures.Add("typed_numbers_over_free", numbers / free);
        figures.Print();
    }

    private static async Task<double> MeasureAsync(RagRuntime runtime, string? schema, int rounds, CancellationToken cancellationToken)
    {
        RagResponseFormat? format = schema is null ? null : RagResponseFormat.JsonSchema(JsonDocument.Parse(schema).RootElement);
        var times = new List<double>();
        for (int round = 0; round <= rounds; round++)
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question) { ResponseFormat = format }, cancellationToken);

            // The first round compiles code and reads the vocabulary.
            times.AddRange(round > 0 ? [answer.Timings.Decode.TotalMilliseconds / (answer.Usage.GeneratedTokens - 1)] : []);
        }

        times.Sort();
        return times[times.Count / 2];
    }

    private static string ModelPath() => ModelCache.GetOrCreate(
        $"tiny-text-{VocabularySize}-{Recipe}.gguf", stream => TinyQwen3.Text(vocabularySize: VocabularySize).WriteTo(stream));
}
