using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RedisInfer.Errors;
using RedisInfer.Extensions;
using RedisInfer.Tests.Integration.Answering;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Extensions;

/// <summary>The chat client over a real engine and a real server, alone and under the middleware of Microsoft.Extensions.AI.</summary>
public sealed class ChatClientTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>, IAsyncDisposable
{
    private const string Question = "How long are backups kept?";
    private const string FollowUp = "Which port does the gateway listen on?";

    private readonly RecordingLog _log = new();
    private RagRuntime? _runtime;

    public async ValueTask DisposeAsync()
    {
        if (_runtime is not null)
            await _runtime.DisposeAsync();
    }

    [Fact]
    public async Task AnswersWithCitationsUsageAndMetadata()
    {
        IChatClient client = await StartAsync();

        ChatResponse response = await client.GetResponseAsync(Question, cancellationToken: TestEnds);
        RagAnswer answer = Assert.IsType<RagAnswer>(response.RawRepresentation);

        Assert.Equal((answer.Text, ChatFinishReason.Stop, "demo"), (response.Text, response.FinishReason, response.ModelId));
        Assert.Equal(
            (answer.Usage.PromptTokens, answer.Usage.CachedTokens, answer.Usage.GeneratedTokens),
            (response.Usage!.InputTokenCount, response.Usage.CachedInputTokenCount, response.Usage.OutputTokenCount));
        TextContent content = Assert.IsType<TextContent>(Assert.Single(Assert.Single(response.Messages).Contents));
        CitationAnnotation citation = Assert.IsType<CitationAnnotation>(Assert.Single(content.Annotations!));
        Assert.Equal((Handbook.Backups.Path, "Backups"), (citation.FileId, citation.Title));
        Assert.Contains("35 days", citation.Snippet);
        Assert.Equal((1, 1, 5), (citation.AdditionalProperties!["number"], citation.AdditionalProperties["startLine"], citation.AdditionalProperties["endLine"]));
        Assert.InRange(Assert.IsType<double>(citation.AdditionalProperties["score"]), 0.1, 1);
        Assert.Same(_runtime!.Generator, client.GetService<IRagGenerator>());
        Assert.Equal(("redisinfer", "demo"), (client.GetService<ChatClientMetadata>()!.ProviderName, client.GetService<ChatClientMetadata>()!.DefaultModelId));
        Assert.Null(client.GetService(typeof(IRagGenerator), "key"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AFollowUpPrefillsItsOwnTokensAlone(bool streamed)
    {
        IChatClient client = await StartAsync();
        List<ChatMessage> messages = [new(ChatRole.User, Question)];
        ChatResponse first = await AskAsync(client, messages, streamed);
        messages.AddMessages(first);
        messages.Add(new ChatMessage(ChatRole.User, FollowUp));

        ChatResponse second = await AskAsync(client, messages, streamed);

        Assert.Equal(first.Usage!.InputTokenCount + first.Usage.OutputTokenCount - 2, second.Usage!.CachedInputTokenCount);
        Assert.Contains("8443", second.Text);
        Assert.NotEmpty(second.Messages[0].Contents.SelectMany(content => content.Annotations ?? []));
    }

    [Fact]
    public async Task StreamedUpdatesAreTheWholeResponse()
    {
        IChatClient client = await StartAsync();

        List<ChatResponseUpdate> updates = await client.GetStreamingResponseAsync(Question, cancellationToken: TestEnds).ToListAsync(TestEnds);
        ChatResponse whole = await client.GetResponseAsync(Question, cancellationToken: TestEnds);

        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
        Assert.Single(updates.Select(update => update.ResponseId).Distinct());
        Assert.Equal(ChatFinishReason.Stop, updates[^1].FinishReason);
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.FinishReason));
        Assert.NotNull(updates.ToChatResponse().Usage);
    }

    [Fact]
    public async Task AConversationOutlivesJson()
    {
        IChatClient client = await StartAsync();
        ChatResponse first = await client.GetResponseAsync(Question, cancellationToken: TestEnds);
        List<ChatMessage> sent = [new(ChatRole.User, Question), .. first.Messages, new(ChatRole.User, "And when do they start?")];
        string json = JsonSerializer.Serialize(sent, AIJsonUtilities.DefaultOptions);
        List<ChatMessage> received = JsonSerializer.Deserialize<List<ChatMessage>>(json, AIJsonUtilities.DefaultOptions)!;

        ChatResponse second = await client.GetResponseAsync(received, cancellationToken: TestEnds);

        // The cited passage came back as annotation: it is in the prompt once, where it was, and found again.
        RagAnswer answer = Assert.IsType<RagAnswer>(second.RawRepresentation);
        RagPassage passage = answer.Passages.Single(passage => passage.Path == Handbook.Backups.Path);
        Assert.Equal(1, passage.Number);
        Assert.True(second.Usage!.CachedInputTokenCount > passage.TokenCount);
    }

    [Fact]
    public async Task OptionsAreThoseOfTheRequest()
    {
        IChatClient client = await StartAsync();
        ChatResponse plain = await client.GetResponseAsync(Question, cancellationToken: TestEnds);

        ChatResponse cut = await client.GetResponseAsync(Question, new ChatOptions { MaxOutputTokens = 2 }, TestEnds);
        ChatResponse stopped = await client.GetResponseAsync(Question, new ChatOptions { StopSequences = ["35"] }, TestEnds);
        ChatResponse instructed = await client.GetResponseAsync(
            [new(ChatRole.System, "Be polite."), new(ChatRole.User, Question)], new ChatOptions { Instructions = "Be brief." }, TestEnds);
        string[] sampled = [await SampleAsync(1), await SampleAsync(1), await SampleAsync(2)];
        ChatResponse raw = await client.GetResponseAsync(
            Question, new ChatOptions { RawRepresentationFactory = _ => new RagRequest("") { TopK = 1, Filter = new RagFilter { Paths = ["people/"] } } }, TestEnds);

        Assert.Equal((ChatFinishReason.Length, 2), (cut.FinishReason, cut.Usage!.OutputTokenCount));
        Assert.Equal(plain.Text[..plain.Text.IndexOf("35", StringComparison.Ordinal)], stopped.Text);
        Assert.True(instructed.Usage!.InputTokenCount > plain.Usage!.InputTokenCount);
        Assert.Equal(sampled[0], sampled[1]);
        Assert.NotEqual(sampled[0], sampled[2]);
        Assert.All(Assert.IsType<RagAnswer>(raw.RawRepresentation).Passages, passage => Assert.Equal(Handbook.Travel.Path, passage.Path));

        async Task<string> SampleAsync(long seed) =>
            (await client.GetResponseAsync(
                Question,
                new ChatOptions
                {
                    Temperature = 50,
                    TopK = 0,
                    TopP = 1,
                    Seed = seed,
                    RawRepresentationFactory = _ => new RagRequest("") { Sampling = new SamplingOptions { MinP = 0 } },
                },
                TestEnds)).Text;
    }

    [Fact]
    public async Task AnswerIsOfTheTypeThatIsAskedFor()
    {
        IChatClient client = await StartAsync();

        ChatResponse<Retention> response = await client.GetResponseAsync<Retention>(Question, cancellationToken: TestEnds);

        Assert.True(response.TryGetResult(out Retention? retention), response.Text);
        Assert.InRange(retention.Days, 0, 1000);
        Assert.DoesNotContain("{", (await client.GetResponseAsync(Question, cancellationToken: TestEnds)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatCannotBeHonouredIsRefused()
    {
        IChatClient client = await StartAsync();
        await IsRefusedAsync("ToolMode requires a call", new() { ToolMode = ChatToolMode.RequireAny });
        await IsRefusedAsync("ToolMode requires a call", new() { ToolMode = ChatToolMode.RequireSpecific("clock") });
        await IsRefusedAsync("ResponseFormat asks for JSON", new() { ResponseFormat = ChatResponseFormat.Json });
        await IsRefusedAsync("#/pattern", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type": "string", "pattern": "(?=a)b"}""")) });
        await IsRefusedAsync("ConversationId is 'c'", new() { ConversationId = "c" });
        await IsRefusedAsync("Seed is -1", new() { Seed = -1 });
        await IsRefusedAsync("Temperature is -1", new() { Temperature = -1 });
        await IsRefusedAsync("end with a question", null);
        await IsRefusedAsync("has the role 'assistant'", null, new(ChatRole.User, "a"), new(ChatRole.Assistant, "b"));
        await IsRefusedAsync("no text", null, new ChatMessage(ChatRole.User, " "));
        await IsRefusedAsync("type DataContent", null, new ChatMessage(ChatRole.User, [new TextContent("What is this?"), new DataContent(new byte[1], "image/png")]));

        var late = await Assert.ThrowsAsync<RedisInferException>(
            () => client.GetResponseAsync(new string('q', 200_000), cancellationToken: TestEnds));
        Assert.Equal(RedisInferErrorCode.ContextTooLong, late.Code);

        async Task IsRefusedAsync(string because, ChatOptions? options, params ChatMessage[] messages)
        {
            ChatMessage[] asked = options is null ? messages : [new(ChatRole.User, Question)];
            var refused = await Assert.ThrowsAsync<ArgumentException>(() => client.GetResponseAsync(asked, options, TestEnds));
            Assert.Contains(because, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task WhatIsLeftOutIsLoggedOnce()
    {
        IChatClient client = await StartAsync();
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => 1, "one")], PresencePenalty = 1 };
        ChatMessage[] messages =
        [
            new(ChatRole.Assistant, "Hello, what can I do for you?"), new(ChatRole.User, "Thanks."), new(ChatRole.Tool, [new FunctionResultContent("1", 2)]),
            new(ChatRole.Assistant, "You are welcome."), new(ChatRole.User, Question),
        ];

        await client.GetResponseAsync(messages, options, TestEnds);
        ChatResponse response = await client.GetResponseAsync(messages, options, TestEnds);

        Assert.Contains("35 days", response.Text);
        foreach (string what in new[] { "Tools", "PresencePenalty", "a message of the role 'tool'" })
        {
            Assert.Single(_log.Entries, entry => entry.Message.Contains(what, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task WorksUnderTheMiddlewareOfMicrosoftExtensionsAi()
    {
        var spans = new ConcurrentQueue<Activity>();
        string source = Guid.NewGuid().ToString();
        using var listener = new ActivityListener
        {
            ShouldListenTo = heard => heard.Name == source,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        int calls = 0;
        using IChatClient client = (await StartAsync()).AsBuilder()
            .UseLogging(_log)
            .UseDistributedCache(new MemoryDistributedCache(Options.Create(new MemoryDistributedCacheOptions())))
            .UseFunctionInvocation(_log)
            .UseOpenTelemetry(sourceName: source)
            .Build();
        ChatOptions options = new() { Tools = [AIFunctionFactory.Create(() => ++calls, "count")] };

        foreach (bool streamed in new[] { false, true })
        {
            List<ChatMessage> messages = [new(ChatRole.User, Question)];
            ChatResponse first = await AskAsync(client, messages, streamed, options);
            ChatResponse cached = await AskAsync(client, messages, streamed, options);
            messages.AddMessages(cached);
            messages.Add(new ChatMessage(ChatRole.User, FollowUp));
            ChatResponse second = await AskAsync(client, messages, streamed, options);

            Assert.Contains("35 days", first.Text);
            Assert.Equal(first.Text, cached.Text);
            CitationAnnotation citation = Assert.IsType<CitationAnnotation>(
                Assert.Single(cached.Messages[0].Contents.SelectMany(content => content.Annotations ?? [])));
            Assert.Equal(Handbook.Backups.Path, citation.FileId);
            Assert.Contains("8443", second.Text);
            Assert.Equal(ChatFinishReason.Stop, second.FinishReason);
        }

        Assert.Equal(0, calls);
        Activity[] chats = [.. spans.Where(span => span.OperationName.StartsWith("chat", StringComparison.Ordinal))];
        Assert.Equal(4, chats.Length);
        Assert.All(chats, span => Assert.Equal("redisinfer", span.GetTagItem("gen_ai.provider.name")));
        Assert.All(chats, span => Assert.True(Convert.ToInt64(span.GetTagItem("gen_ai.usage.input_tokens"), null) > 0));
        Assert.Contains(_log.Entries, entry => entry.Message.Contains("GetResponseAsync", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ManyChatsAtOnceGetWhatEachWouldGetAlone()
    {
        IChatClient client = await StartAsync();
        string[] questions = [Question, FollowUp, "Who must approve travel costs?"];
        var alone = new List<string>();
        foreach (string question in questions)
        {
            alone.Add((await client.GetResponseAsync(question, cancellationToken: TestEnds)).Text);
        }

        ChatResponse[] together = await Task.WhenAll(Enumerable.Range(0, 24).Select(
            i => AskAsync(client, [new(ChatRole.User, questions[i % 3])], streamed: i % 2 == 0)));

        for (int i = 0; i < together.Length; i++)
        {
            Assert.Equal(alone[i % 3], together[i].Text);
        }
    }

    [Fact]
    public async Task AnAnswerWithoutPassagesIsAnOrdinaryAnswer()
    {
        IChatClient client = await StartAsync();
        foreach (bool streamed in new[] { false, true })
        {
            ChatResponse response = await AskAsync(client, [new(ChatRole.User, "Who owns the moon?")], streamed);

            Assert.Equal((RedisInferOptions.DefaultNoContextText, ChatFinishReason.Stop), (response.Text, response.FinishReason));
            Assert.Empty(response.Messages[0].Contents.SelectMany(content => content.Annotations ?? []));
        }
    }

    [Fact]
    public async Task AddChatClientRegistersAClientPerRuntime()
    {
        var services = new ServiceCollection();
        IConnectionMultiplexer connection = await Server.ConnectAsync();
        services.AddSingleton(connection);
        services.AddLogging();
        services.AddRedisInfer(Configure).AddChatClient((client, provider) => client.AsBuilder().UseLogging().Build(provider));
        services.AddKeyedRedisInfer("legal", Configure).AddChatClient();
        await using ServiceProvider provider = services.BuildServiceProvider();

        IChatClient client = provider.GetRequiredService<IChatClient>();
        IChatClient legal = provider.GetRequiredKeyedService<IChatClient>("legal");

        Assert.IsAssignableFrom<DelegatingChatClient>(client);
        Assert.Equal("redisinfer-demo", client.GetService<ChatClientMetadata>()!.DefaultModelId);
        Assert.Same(provider.GetRequiredKeyedService<IRagGenerator>("legal"), legal.GetService<IRagGenerator>());
        await StartAsync();
        Assert.Contains("35 days", (await client.GetResponseAsync(Question, cancellationToken: TestEnds)).Text);

        void Configure(RedisInferOptions options)
        {
            options.ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");
            options.Corpus = Corpus;
            options.Engine.Threads = 1;
        }
    }

    private static async Task<ChatResponse> AskAsync(IChatClient client, IEnumerable<ChatMessage> messages, bool streamed, ChatOptions? options = null) =>
        streamed
            ? await client.GetStreamingResponseAsync(messages, options, TestEnds).ToChatResponseAsync(TestEnds)
            : await client.GetResponseAsync(messages, options, TestEnds);

    private async Task<IChatClient> StartAsync()
    {
        _runtime = Start(configure: options =>
        {
            options.ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");
            options.Engine.Threads = 1;
            options.MaxOutputTokens = 48;
            options.Retrieval.TopK = 2;
        });
        await _runtime.Index.AddAsync(Handbook.AllAsync(), TestEnds).CountAsync(TestEnds);
        return _runtime.Generator.AsChatClient(new RagChatClientOptions { ModelId = "demo", LoggerFactory = _log });
    }

    private sealed record Retention([property: Range(0, 1000)] int Days);
}
