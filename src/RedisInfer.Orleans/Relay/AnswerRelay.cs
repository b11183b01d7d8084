using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Answering;
using RedisInfer.Errors;

namespace RedisInfer.Orleans.Relay;

/// <summary>
/// Gives an answer to its caller, whichever hosts it takes. If a host is lost, the next one begins again, and the caller gets only what it does
/// not have yet. Every text is given once.
/// </summary>
/// <param name="silence">How long another host may give no sign of life.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Gets a warning for each lost host.</param>
internal sealed partial class AnswerRelay(TimeSpan silence, TimeProvider time, ILogger logger)
{
    // Errors of a host, not of the question: another host may do better.
    private static readonly HashSet<RedisInferErrorCode> ErrorsOfAHost =
    [
        RedisInferErrorCode.QueueFull,
        RedisInferErrorCode.ModelNotLoadable,
        RedisInferErrorCode.NativeLibraryMissing,
        RedisInferErrorCode.NativeAbiMismatch,
        RedisInferErrorCode.OverBudget,
        RedisInferErrorCode.DecodeFailed,
    ];

    /// <summary>Reads the answer.</summary>
    /// <param name="next">The next way to the answer, after so many that were lost; <see langword="null"/>: there is none.</param>
    /// <param name="isRepeatable">Whether another host gives the same text. If not, an answer that has begun cannot be continued.</param>
    /// <param name="start">When the caller called, as a timestamp.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public async IAsyncEnumerable<RagUpdate> ReadAsync(
        Func<int, Attempt?> next, bool isRepeatable, long start, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        TimeSpan before = time.GetElapsedTime(start);
        SentText text = new(), reasoning = new();
        TimeSpan? firstToken = null;
        bool hasPassages = false;
        Exception? loss = null;
        for (int lost = 0; ; lost++)
        {
            Attempt attempt = next(lost) ?? throw Interrupted(loss);
            string host = attempt.Host;
            text.Restart();
            reasoning.Restart();
            using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            Channel<AttemptStep> steps = Channel.CreateUnbounded<AttemptStep>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });
            _ = PumpAsync(attempt, steps.Writer, leave);
            try
            {
                while ((loss = await WaitAsync(steps.Reader, cancellationToken).ConfigureAwait(false)) is null && steps.Reader.TryRead(out AttemptStep step))
                {
                    host = step.Host ?? host;
                    if (step.Update is not { } update)
                    {
                        continue;
                    }

                    firstToken ??= update.Text.Length + update.Reasoning.Length > 0 ? time.GetElapsedTime(start) : null;
                    var sent = new RagUpdate
                    {
                        Text = text.Take(update.Text),
                        Reasoning = reasoning.Take(update.Reasoning),
                        Passages = hasPassages ? null : update.Passages,
                        Answer = update.Answer is { } answer
                            ? Complete(answer, attempt, host, lost, before, firstToken ?? default, start)
                            : null,
                    };
                    hasPassages |= sent.Passages is not null;
                    if (sent.Answer is not null)
                    {
                        text.End();
                        reasoning.End();
                    }

                    if (sent.Text.Length > 0 || sent.Reasoning.Length > 0 || sent.Passages is not null || sent.Answer is not null)
                    {
                        yield return sent;
                    }

                    if (sent.Answer is not null)
                    {
                        yield break;
                    }
                }
            }
            finally
            {
                await leave.CancelAsync().ConfigureAwait(false);
            }

            loss ??= new EndOfStreamException($"{host} ended the answer without its end.");
            ThrowIfFinal(loss, attempt, hasBegun: !text.IsEmpty || !reasoning.IsEmpty, isRepeatable);
            LogLost(loss, host, loss.Message);
        }
    }

    /// <summary>Waits for a step.</summary>
    /// <returns>Why there is none; <see langword="null"/>: there is one, or the answer has ended.</returns>
    private static async Task<Exception?> WaitAsync(ChannelReader<AttemptStep> steps, CancellationToken cancellationToken)
    {
        try
        {
            await steps.WaitToReadAsync(cancellationToken).ConfigureAwait(false);
            return null;
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            return e;
        }
    }

    private static RagAnswer Complete(RagAnswer answer, Attempt attempt, string host, int lost, TimeSpan before, TimeSpan firstToken, TimeSpan total) =>
        RagHandoff.Complete(
            answer,
            new RagRoute
            {
                Host = answer.Route?.Host ?? host,
                IsLocal = attempt.IsLocal,
                IsMoved = answer.Route?.IsMoved ?? attempt.IsMoved,
                LostHosts = (answer.Route?.LostHosts ?? 0) + lost,
            },
            answer.Timings.Route + Max(TimeSpan.Zero, firstToken - before - answer.Timings.FirstToken),
            firstToken,
            total);

    private RagAnswer Complete(RagAnswer answer, Attempt attempt, string host, int lost, TimeSpan before, TimeSpan firstToken, long start) =>
        Complete(answer, attempt, host, lost, before, firstToken, time.GetElapsedTime(start));

    private static TimeSpan Max(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static void ThrowIfFinal(Exception loss, Attempt attempt, bool hasBegun, bool isRepeatable)
    {
        bool isOfTheHost = loss is RedisInferException known ? ErrorsOfAHost.Contains(known.Code) : loss is not ArgumentException;
        if (attempt.IsLocal || !isOfTheHost)
        {
            ExceptionDispatchInfo.Throw(loss);
        }

        if (hasBegun && !isRepeatable)
        {
            throw new RedisInferException(
                RedisInferErrorCode.AnswerInterrupted,
                $"{attempt.Host} was lost in the middle of an answer. Its sampling is random, so no other host can continue it: ask again, or set a "
                + $"seed or Temperature 0. {loss.Message}",
                loss);
        }
    }

    private static RedisInferException Interrupted(Exception? loss) => new(
        RedisInferErrorCode.AnswerInterrupted, $"No host of the cluster answers. Check that one has loaded its model. {loss?.Message}", loss);

    /// <summary>
    /// Reads an attempt as fast as it comes, so that a slow caller does not look like a host that was lost. An answer is bounded by its tokens.
    /// </summary>
    private async Task PumpAsync(Attempt attempt, ChannelWriter<AttemptStep> steps, CancellationTokenSource leave)
    {
        CancellationToken left = leave.Token;
        TimeSpan limit = attempt.IsLocal ? Timeout.InfiniteTimeSpan : silence;
        IAsyncEnumerator<AttemptStep>? source = null;
        Task<bool>? move = null;
        try
        {
            source = attempt.Open(left).GetAsyncEnumerator(left);
            while (await (move = source.MoveNextAsync().AsTask()).WaitAsync(limit, time, left).ConfigureAwait(false))
            {
                steps.TryWrite(source.Current);
            }

            steps.TryComplete();
        }
        catch (TimeoutException)
        {
            steps.TryComplete(new TimeoutException($"{attempt.Host} has given no sign of life for {limit.TotalSeconds} s."));
        }
        catch (Exception e)
        {
            steps.TryComplete(e);
        }

        await EndAsync(source, move).ConfigureAwait(false);
    }

    /// <summary>Ends an attempt. A host that is lost may take long to say so, and no caller waits for it.</summary>
    private static async Task EndAsync(IAsyncEnumerator<AttemptStep>? source, Task<bool>? move)
    {
        if (source is null)
        {
            return;
        }

        await (move ?? Task.CompletedTask).ContinueWith(_ => { }, TaskScheduler.Default).ConfigureAwait(false);
        try
        {
            await source.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The host is gone, and the answer with it.
        }
    }

    [LoggerMessage(EventId = 810, Level = LogLevel.Warning, Message = "{Host} was lost before its answer was complete. Another host is asked. {Problem}")]
    private partial void LogLost(Exception loss, string host, string problem);
}
