using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.Redis;

/// <summary>
/// Tells a time-out for which the host's thread pool is to blame. The message of the Redis client has the state of the pool at that time,
/// such as <c>WORKER: (Busy=66,Free=32701,Min=2,Max=32767), POOL: (Threads=66,QueuedItems=140,...)</c>.
/// </summary>
internal static partial class PoolStarvation
{
    /// <summary>What to do about it; <see langword="null"/> if the pool had threads left.</summary>
    /// <param name="message">The message of the client's exception.</param>
    public static string? Find(string message)
    {
        if (Workers().Match(message) is not { Success: true } workers || Queued().Match(message) is not { Success: true } queued)
            return null;

        int busy = Number(workers.Groups["busy"]);
        int least = Number(workers.Groups["min"]);
        int waiting = Number(queued.Groups["items"]);
        return busy < least || waiting == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The thread pool of this process is starved: {busy} threads are busy (at least {least} are kept), and {waiting} work items wait.")
            + " Callers that block threads until an asynchronous call has ended (.Result, .GetAwaiter().GetResult()) cause that: "
            + "await such calls, or raise the number of threads with ThreadPool.SetMinThreads.";

        static int Number(Group group) => int.Parse(group.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(@"WORKER: \(Busy=(?<busy>\d{1,9}),Free=\d+,Min=(?<min>\d{1,9}),", RegexOptions.ExplicitCapture)]
    private static partial Regex Workers();

    [GeneratedRegex(@"QueuedItems=(?<items>\d{1,9})", RegexOptions.ExplicitCapture)]
    private static partial Regex Queued();
}
