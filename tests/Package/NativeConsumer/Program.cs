using RedisInfer;

// A host application that references only the package RedisInfer and is compiled ahead of time. It indexes a folder, asks one question, and
// prints what it got, one value a line.
// Arguments: the model, the server, the folder, the question.
using Microsoft.Extensions.DependencyInjection;

var services = new ServiceCollection();
services.AddRedisInfer(options =>
{
    options.ModelPath = args[0];
    options.Redis = args[1];
});

await using var provider = services.BuildServiceProvider();
var indexed = 0;
await foreach (var document in provider.GetRequiredService<IRagIndex>().AddDirectoryAsync(args[2]))
{
    indexed += document.Status == IndexingStatus.Added ? 1 : 0;
}

var answer = await provider.GetRequiredService<IRagGenerator>().GenerateAsync(new RagRequest(args[3]));
Console.WriteLine($"indexed={indexed}");
Console.WriteLine($"passages={string.Join(',', answer.Passages.Select(passage => passage.Path))}");
Console.WriteLine($"tokens={answer.Usage.GeneratedTokens}");
Console.WriteLine($"text={answer.Text}");
Console.WriteLine($"jit={System.Runtime.CompilerServices.RuntimeFeature.IsDynamicCodeCompiled}");
