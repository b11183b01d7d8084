using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>
/// The program of a child process: an indexer or an asker. Does what each line of its standard input says, one after another, and ends with
/// that input.
/// </summary>
internal static class ChildCommand
{
    public const string Name = "chaos-child";

    // An answer takes some hundred milliseconds. A question that hangs counts as failed.
    private static readonly TimeSpan AskLimit = TimeSpan.FromSeconds(60);

    private const int AnswerTokens = 6;

    public static Command Create()
    {
        var redis = new Option<string>("--redis") { Required = true };
        var folder = new Option<string>("--folder") { Required = true };
        var shift = new Option<double>("--clock-minutes");
        var command = new Command(Name, "A process of the benchmark 'chaos'.") { redis, folder, shift };
        command.Hidden = true;
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var time = new ShiftedTime(TimeSpan.FromMinutes(parsed.GetValue(shift)));
            await using RagRuntime runtime = ChaosRuntime.Create(parsed.GetValue(redis)!, ChaosRuntime.Corpus, time);
            await ServeAsync(runtime, parsed.GetValue(folder)!, cancellationToken);
        });
        return command;
    }

    private static async Task ServeAsync(RagRuntime runtime, string folder, CancellationToken cancellationToken)
    {
        await runtime.WarmUpAsync(cancellationToken: cancellationToken);
        long ready = Stopwatch.GetTimestamp();
        Write(new ChildReply(true, ready, ready, null, [], 0));
        while (await Console.In.ReadLineAsync(cancellationToken) is { } line)
        {
            ChildRequest request = JsonSerializer.Deserialize<ChildRequest>(line)!;
            long started = Stopwatch.GetTimestamp();
            Write(new ChildReply(false, started, started, null, [], 0));
            ChildReply reply;
            try
            {
                reply = request.Question is { } question
                    ? await AskAsync(runtime, question)
                    : await SyncAsync(runtime, folder);
            }
            catch (Exception e)
            {
                string problem = e is Errors.RedisInferException known ? $"{known.Code}: {known.Message}" : e.ToString();
                reply = new ChildReply(true, 0, 0, problem, [], 0);
            }

            Write(reply with { Started = started, Ended = Stopwatch.GetTimestamp() });
        }
    }

    private static async Task<ChildReply> AskAsync(RagRuntime runtime, string question)
    {
        using var limit = new CancellationTokenSource(AskLimit);
        RagAnswer answer = await runtime.Generator.GenerateAsync(
            new RagRequest(question) { MaxOutputTokens = AnswerTokens }, limit.Token);
        ChildPassage[] passages =
            [.. answer.Passages.Select(passage => new ChildPassage(passage.Path, passage.StartLine, passage.EndLine, passage.Text))];
        return new ChildReply(true, 0, 0, null, passages, 0);
    }

    private static async Task<ChildReply> SyncAsync(RagRuntime runtime, string folder)
    {
        int changed = 0;
        await foreach (IndexedDocument document in runtime.Index.SyncDirectoryAsync(folder))
        {
            if (document.Status is IndexingStatus.Failed or IndexingStatus.Skipped)
                return new ChildReply(true, 0, 0, $"{document.Status} '{document.Path}': {document.SkipReason}", [], changed);
            changed += document.Status == IndexingStatus.Unchanged ? 0 : 1;
        }

        return new ChildReply(true, 0, 0, null, [], changed);
    }

    private static void Write(ChildReply reply)
    {
        Console.Out.WriteLine(JsonSerializer.Serialize(reply));
        Console.Out.Flush();
    }
}
