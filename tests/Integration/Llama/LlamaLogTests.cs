using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>Where llama.cpp's own log messages go.</summary>
[Collection(LlamaProcessCollection.Name)]
public sealed class LlamaLogTests
{
    [Fact]
    public async Task LinesOfLlamaGoToTheLoggerAndNotToTheConsole()
    {
        using var lines = new RecordedLog();
        var engine = new LlamaEngine(loggerFactory: lines);

        using IInferenceModel model = await engine.LoadModelAsync(
            new ModelOptions { Path = TestModels.Text }, null, TestContext.Current.CancellationToken);

        Assert.Contains(lines.Lines, line => line.Level == LogLevel.Debug && line.Text.Contains("general.architecture", StringComparison.Ordinal));
        Assert.All(lines.Lines, line => Assert.False(line.Text.EndsWith('\n')));
        Assert.Equal("RedisInfer.Llama", lines.Category);
    }

    [Fact]
    public async Task LoggerThatThrowsHarmsNothing()
    {
        using var lines = new RecordedLog { Throws = true };
        var engine = new LlamaEngine(loggerFactory: lines);

        using IInferenceModel model = await engine.LoadModelAsync(
            new ModelOptions { Path = TestModels.Text }, null, TestContext.Current.CancellationToken);

        Assert.True(lines.Calls > 0);
    }

    [Fact]
    public async Task CancelledDecodeIsNoErrorInTheLog()
    {
        using var lines = new RecordedLog();
        var engine = new LlamaEngine(loggerFactory: lines);
        using IInferenceModel model = await engine.LoadModelAsync(
            new ModelOptions { Path = TestModels.Text }, null, TestContext.Current.CancellationToken);
        using IInferenceContext context = model.CreateContext(new ContextOptions { ContextSize = 4096, BatchSize = 4096 });
        using var source = new CancellationTokenSource();
        var batch = new TokenBatch(4096);
        for (int i = 0; i < batch.Capacity; i++)
        {
            batch.Add(300 + (i % 50), i, 0, output: i + 1 == batch.Capacity);
        }

        // Cancels early in a computation that takes a second.
        source.CancelAfter(TimeSpan.FromMilliseconds(5));
        DecodeResult result = context.Decode(batch, source.Token);

        Assert.Equal(DecodeResult.Aborted, result);
        Assert.Contains(lines.Lines, line => line.Text.Contains("failed to decode", StringComparison.Ordinal));
        Assert.DoesNotContain(lines.Lines, line => line.Level >= LogLevel.Warning);
    }

    private sealed class RecordedLog : ILoggerFactory, ILogger
    {
        private int _calls;

        public ConcurrentQueue<(LogLevel Level, string Text)> Lines { get; } = new();

        public string? Category { get; private set; }

        public bool Throws { get; init; }

        public int Calls => _calls;

        public ILogger CreateLogger(string categoryName)
        {
            Category = categoryName;
            return this;
        }

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Interlocked.Increment(ref _calls);
            if (Throws)
            {
                throw new IOException("disk full");
            }

            Lines.Enqueue((logLevel, formatter(state, exception)));
        }

        public void AddProvider(ILoggerProvider provider)
        {
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Dispose()
        {
        }
    }
}
