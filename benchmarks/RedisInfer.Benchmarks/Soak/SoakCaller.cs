using RedisInfer.Errors;

namespace RedisInfer.Benchmarks.Soak;

/// <summary>A caller that asks without pause and behaves as callers do: it waits, reads slowly, leaves or cancels.</summary>
internal sealed class SoakCaller(IRagGenerator rag, int number, IReadOnlyList<string> questions)
{
    private readonly Random _random = new(number);
    private readonly long[] _outcomes = new long[Enum.GetValues<SoakOutcome>().Length];

    public long Count(SoakOutcome outcome) => _outcomes[(int)outcome];

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            _outcomes[(int)await AskOnceAsync()]++;
        }
    }

    private async Task<SoakOutcome> AskOnceAsync()
    {
        using var cancel = new CancellationTokenSource();
        int way = _random.Next(4);
        int leaveAfter = way == 1 ? _random.Next(12) : int.MaxValue;
        if (way == 2)
        {
            cancel.CancelAfter(_random.Next(400));
        }

        var request = new RagRequest(questions[_random.Next(questions.Count)])
        {
            Caller = $"caller {number % 8}",
            Priority = 1 + (number % 3),
            MaxOutputTokens = 1 + _random.Next(60),
        };
        try
        {
            int read = 0;
            await foreach (RagUpdate update in rag.GenerateStreamingAsync(request, cancel.Token))
            {
                if (read++ >= leaveAfter)
                {
                    return SoakOutcome.Left;
                }

                if (way == 3)
                {
                    await Task.Delay(_random.Next(40), CancellationToken.None);
                }
            }

            return SoakOutcome.Answered;
        }
        catch (OperationCanceledException)
        {
            return SoakOutcome.Cancelled;
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.QueueFull)
        {
            await Task.Delay(10 + _random.Next(50), CancellationToken.None);
            return SoakOutcome.Refused;
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.DecodeFailed)
        {
            return SoakOutcome.Failed;
        }
    }
}
