// A host that knows only the packages: a chat client under UseOpenTelemetry, a follow-up, a typed answer, a health check, and a trace
// that is exported. It prints what it saw as JSON. Arguments: the model, the folder.
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Trace;
using RedisInfer;

var exported = new List<Activity>();
HostApplicationBuilder builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();    // the console is for the JSON alone
builder.Services.AddRedisInfer(options => options.ModelPath = args[0])
    .UseDocumentReaders()
    .UseEmbeddedGarnet(garnet => garnet.InMemory = true)
    .AddChatClient((client, provider) => client.AsBuilder().UseOpenTelemetry(sourceName: "Host.Chat").Build(provider));
builder.Services.AddHealthChecks().AddRedisInfer();
builder.Services.AddOpenTelemetry().WithTracing(traces => traces
    .AddSource(RagTelemetry.Name, "Host.Chat")
    .AddInMemoryExporter(exported));

using IHost host = builder.Build();
await host.StartAsync();
int indexed = 0;
await foreach (IndexedDocument document in host.Services.GetRequiredService<IRagIndex>().AddDirectoryAsync(args[1]))
    indexed++;

IChatClient chat = host.Services.GetRequiredService<IChatClient>();
List<ChatMessage> messages = [new(ChatRole.User, "How long are backups of the orders database kept?")];
ChatResponse first = await chat.GetResponseAsync(messages);
messages.AddMessages(first);
messages.Add(new ChatMessage(ChatRole.User, "And of the manifest database?"));
ChatResponse second = await chat.GetResponseAsync(messages);

RagAnswer<Retention> typed = await host.Services.GetRequiredService<IRagGenerator>().GenerateAsync<Retention>(
    new RagRequest("How long are backups of the orders database kept?"));
HealthReport health = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
host.Services.GetRequiredService<TracerProvider>().ForceFlush();

var names = exported.ToDictionary(span => span.SpanId, span => span.DisplayName);
Console.WriteLine(JsonSerializer.Serialize(new
{
    indexed,
    turns = new[] { first, second }.Select(response => new
    {
        response.Text,
        Paths = ((RagAnswer)response.RawRepresentation!).Passages.Select(passage => passage.Path),
        Cited = response.Messages[0].Contents.SelectMany(content => content.Annotations ?? []).OfType<CitationAnnotation>().Select(citation => citation.FileId),
        response.Usage!.OutputTokenCount,
        response.Usage.CachedInputTokenCount,
    }),
    typed = typed.Value,
    health = health.Status.ToString(),
    spans = exported.Select(span => names.TryGetValue(span.ParentSpanId, out string? parent) ? $"{parent} > {span.DisplayName}" : span.DisplayName),
}));
await host.StopAsync();
