namespace RedisInfer;

/// <summary>Whether the same question is answered from Redis.</summary>
public sealed class AnswerCacheOptions
{
    /// <summary>
    /// Whether answers are kept in Redis, and given again for the same prompt, settings and model. Default: <see langword="false"/>. The prompt
    /// has the passages, so an answer is never older than what it cites. Only answers that the model would write again are kept: of a
    /// <see cref="SamplingOptions.Temperature"/> of 0, or with a <see cref="SamplingOptions.Seed"/>. Equal questions that are asked at the same
    /// time are computed once.
    /// </summary>
    public bool Enabled { get; set; }

    /// <summary>How long an answer is kept, from 1 second to 10 years. Default: 1 day.</summary>
    public TimeSpan TimeToLive { get; set; } = TimeSpan.FromDays(1);

    internal IEnumerable<string> Validate()
    {
        if (TimeToLive < TimeSpan.FromSeconds(1) || TimeToLive > TimeSpan.FromDays(3650))
        {
            yield return $"TimeToLive is {TimeToLive}: set it to 1 second to 10 years.";
        }
    }
}
