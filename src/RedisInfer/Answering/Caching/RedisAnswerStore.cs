using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InRedis;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Answering.Caching;

/// <summary>
/// Keeps answers in Redis, sealed (AES-GCM): docs/REDIS_FORMAT.md has the form. What cannot be read or checked is a miss, never an exception,
/// and Redis is then not asked for a while. Thread-safe.
/// </summary>
/// <param name="source">The server of the corpus. Not disposed of.</param>
/// <param name="keys">The keys of the corpus.</param>
/// <param name="timeToLive">How long an answer is kept.</param>
/// <param name="vocabularySize">Number of tokens of the model.</param>
/// <param name="logger">Gets warnings.</param>
/// <param name="time">The clock.</param>
internal sealed partial class RedisAnswerStore(
    IRedisConnectionSource source, CorpusKeys keys, TimeSpan timeToLive, int vocabularySize, ILogger logger, TimeProvider time)
{
    private const int NonceBytes = 12;
    private const int TagBytes = KvEnvelope.TagBytes;

    // No answer is longer.
    private const int MaxBytes = 16 << 20;

    private readonly KvPause _pause = new(time);

    private static ReadOnlySpan<byte> Head => "RIA1"u8;

    /// <summary>Reads an answer.</summary>
    /// <returns>The answer; <see langword="null"/> if there is none that can be used.</returns>
    public async Task<StoredAnswer?> ReadAsync(KvIdentity identity, KvBlockKey key, CancellationToken cancellationToken)
    {
        if (_pause.IsOn)
        {
            return null;
        }

        try
        {
            IDatabase database = await ConnectAsync(cancellationToken).ConfigureAwait(false);
            byte[]? record = await database.StringGetAsync(keys.Answer(key.ToString())).WaitAsync(cancellationToken).ConfigureAwait(false);
            if (record is null)
            {
                return null;
            }

            if (Open(identity, key, record) is { } answer)
            {
                return answer;
            }

            LogRejected(key);
            return null;
        }
        catch (Exception e) when (KvConnection.IsMiss(e, cancellationToken))
        {
            Failed(e, "reading an answer");
            return null;
        }
    }

    /// <summary>Stores an answer. Does not throw.</summary>
    public async Task WriteAsync(KvIdentity identity, KvBlockKey key, StoredAnswer answer)
    {
        if (_pause.IsOn)
        {
            return;
        }

        try
        {
            byte[] record = Seal(identity, key, JsonSerializer.SerializeToUtf8Bytes(answer, StoredAnswerJson.Default.StoredAnswer));
            IDatabase database = await ConnectAsync(CancellationToken.None).ConfigureAwait(false);
            await database.StringSetAsync(keys.Answer(key.ToString()), record, timeToLive).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Failed(e, "storing an answer");
        }
    }

    private static byte[] Seal(KvIdentity identity, KvBlockKey key, byte[] text)
    {
        byte[] record = new byte[Head.Length + NonceBytes + TagBytes + text.Length];
        Head.CopyTo(record);
        Span<byte> nonce = record.AsSpan(Head.Length, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using AesGcm seal = identity.CreateSeal(key);
        seal.Encrypt(nonce, text, record.AsSpan(Head.Length + NonceBytes + TagBytes), record.AsSpan(Head.Length + NonceBytes, TagBytes), Head);
        return record;
    }

    private StoredAnswer? Open(KvIdentity identity, KvBlockKey key, byte[] record)
    {
        int start = Head.Length + NonceBytes + TagBytes;
        if (record.Length <= start || record.Length > MaxBytes || !record.AsSpan().StartsWith(Head))
        {
            return null;
        }

        byte[] text = new byte[record.Length - start];
        try
        {
            using AesGcm seal = identity.CreateSeal(key);
            seal.Decrypt(
                record.AsSpan(Head.Length, NonceBytes), record.AsSpan(start), record.AsSpan(Head.Length + NonceBytes, TagBytes), text, Head);
            StoredAnswer? answer = JsonSerializer.Deserialize(text, StoredAnswerJson.Default.StoredAnswer);
            return answer is { Text: not null, Thought: not null, GeneratedTokens: > 0 } && answer.AnswerTokens?.Any(token => token < 0 || token >= vocabularySize) is not true
                ? answer
                : null;
        }
        catch (Exception e) when (e is CryptographicException or JsonException)
        {
            return null;
        }
    }

    private async Task<IDatabase> ConnectAsync(CancellationToken cancellationToken) =>
        RepliesOnOwnThreads.Of((await source.ConnectAsync(cancellationToken).ConfigureAwait(false)).GetDatabase());

    private void Failed(Exception error, string doing)
    {
        if (_pause.Begin())
        {
            LogFailed(error, source.Description, doing);
        }
    }

    [LoggerMessage(EventId = 560, Level = LogLevel.Warning, Message = "The stored answer {Answer} is not used: it is damaged, or was sealed with another secret. The model answers.")]
    private partial void LogRejected(KvBlockKey answer);

    [LoggerMessage(EventId = 561, Level = LogLevel.Warning, Message = "{Redis} is not asked for answers for a while: {Doing} failed. Meanwhile, the model answers.")]
    private partial void LogFailed(Exception error, string redis, string doing);
}
