using RedisInfer;

// A host application that references only the packages. It indexes a folder, asks one question, and prints the answer as JSON.
// Arguments: the model, the folder, the question.
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddRedisInfer(options => options.ModelPath = args[0]).UseDocumentReaders().UseEmbeddedGarnet(garnet => garnet.InMemory = true);

await using var provider = services.BuildServiceProvider();
var indexed = 0;
await foreach (var document in provider.GetRequiredService<IRagIndex>().AddDirectoryAsync(args[1]))
{
    indexed++;
}

var answer = await provider.GetRequiredService<IRagGenerator>().GenerateAsync(new RagRequest(args[2]));
Console.WriteLine(JsonSerializer.Serialize(new
{
    indexed,
    answer.Text,
    passages = answer.Passages.Select(passage => passage.Path),
    answer.Usage.GeneratedTokens,
}));
