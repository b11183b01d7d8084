using System.Runtime.CompilerServices;
using RedisInfer.Answering;
using RedisInfer.Errors;

namespace RedisInfer.Orleans.Grains;

/// <summary>Turns an answer into parts for another silo: with signs of life while there is nothing else, and with errors that it understands.</summary>
internal static class AnswerParts
{
    // A host's silence time-out is at least a second, and by default five times as long.
    private static readonly TimeSpan SignInterval = TimeSpan.FromMilliseconds(500);

    public static async IAsyncEnumerable<AnswerPart> OfAsync(
        string host, IAsyncEnumerable<RagUpdate> answer, TimeProvider time, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new AnswerPart { Host = host };
        await using IAsyncEnumerator<RagUpdate> updates = answer.GetAsyncEnumerator(cancellationToken);
        while (true)
        {
            Task<AnswerPart?> next = NextAsync(updates);
            while (!next.IsCompleted)
            {
                await Task.WhenAny(next, Task.Delay(SignInterval, time, cancellationToken)).ConfigureAwait(false);
                if (!next.IsCompleted && !cancellationToken.IsCancellationRequested)
                {
                    yield return AnswerPart.Alive;
                }
            }

            if (await next.ConfigureAwait(false) is not { } part)
            {
                yield break;
            }

            yield return part;
            if (part.Problem is not null)
            {
                yield break;
            }
        }
    }

    /// <summary>Reads what <see cref="OfAsync"/> gave.</summary>
    /// <exception cref="ArgumentException">The other silo says that an argument is wrong.</exception>
    /// <exception cref="RedisInferException">The other silo cannot answer.</exception>
    public static RagUpdate? Read(AnswerPart part) => part switch
    {
        { Problem: { } problem, Code: { } code } => throw new RedisInferException((RedisInferErrorCode)code, problem),
        { Problem: { } problem } => throw new ArgumentException(problem),
        { Update: { } bytes } => HandoffFormat.ReadUpdate(bytes),
        _ => null,
    };

    private static async Task<AnswerPart?> NextAsync(IAsyncEnumerator<RagUpdate> updates)
    {
        try
        {
            return await updates.MoveNextAsync().ConfigureAwait(false) ? new AnswerPart { Update = HandoffFormat.Write(updates.Current) } : null;
        }
        catch (RedisInferException e)
        {
            return new AnswerPart { Problem = e.Message, Code = (int)e.Code };
        }
        catch (ArgumentException e)
        {
            return new AnswerPart { Problem = e.Message };
        }
    }
}
