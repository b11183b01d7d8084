using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Check;

/// <summary>Reads and writes <c>benchmarks/figures.json</c>. A person edits the bounds, so it is indented and keeps its order.</summary>
internal static class FiguresFile
{
    /// <summary>The file's path for messages.</summary>
    public const string Name = "benchmarks/figures.json";

    // A misspelt field must not be dropped in silence: Strict refuses unknown, repeated and missing fields.
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Strict)
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
        NewLine = "\n",
    };

    private static readonly HashSet<string> KnownFields =
    [
        .. typeof(Measurement).GetProperties().Concat(typeof(RecordedFigure).GetProperties()).Select(one => JsonNamingPolicy.CamelCase.ConvertName(one.Name)),
    ];

    private static string FullPath { get; } = Path.Combine(Repository.Root, "benchmarks", "figures.json");

    /// <summary>Reads the measurements.</summary>
    /// <exception cref="InvalidDataException">The file is missing or damaged. The message says so in one line.</exception>
    public static async Task<IReadOnlyList<Measurement>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using FileStream stream = File.OpenRead(FullPath);
            IReadOnlyList<Measurement>? read = await JsonSerializer.DeserializeAsync<IReadOnlyList<Measurement>>(stream, Options, cancellationToken);

            // The serializer checks fields for null, but not the items of lists.
            return read?.Contains(null) == false && !read.Any(one => one.Figures.Contains(null))
                ? read
                : throw new InvalidDataException($"{Name} holds null as a list, measurement or figure. Remove it.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"{Name}, line {e.LineNumber + 1}, field {e.Path}: {Explain(e)} benchmarks/README.md describes the fields.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{Name} cannot be read: {e.Message} Restore the file.", e);
        }
    }

    /// <summary>Replaces the file as a whole, so that an interrupted recording leaves the old one.</summary>
    public static async Task WriteAsync(IReadOnlyList<Measurement> measurements, CancellationToken cancellationToken)
    {
        string temporary = FullPath + ".tmp";
        await File.WriteAllTextAsync(temporary, JsonSerializer.Serialize(measurements, Options) + "\n", cancellationToken);
        File.Move(temporary, FullPath, overwrite: true);
    }

    private static string Explain(JsonException e)
    {
        string field = e.Path?.Split('.')[^1].Split('[')[0] ?? "$";
        if (field != "$" && !KnownFields.Contains(field))
        {
            return "there is no such field. Correct its name, or remove it.";
        }

        // The serializer appends the path and the line, which are already said.
        int end = e.Message.IndexOf(" Path: ", StringComparison.Ordinal);
        return end < 0 ? e.Message : e.Message[..end];
    }
}
