namespace RedisInfer;

/// <summary>An answer as a value, with the answer that it was read from.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
public sealed class RagAnswer<T>
{
    private readonly T? _value;
    private readonly Exception? _problem;

    /// <summary>Creates an answer with a value.</summary>
    /// <param name="answer">The answer that it was read from.</param>
    /// <param name="value">The value.</param>
    public RagAnswer(RagAnswer answer, T value)
    {
        ArgumentNullException.ThrowIfNull(answer);
        (Answer, HasValue, _value) = (answer, true, value);
    }

    /// <summary>Creates an answer without a value.</summary>
    /// <param name="answer">The answer.</param>
    /// <param name="problem">Why its text could not be read; <see langword="null"/>: there is nothing to read.</param>
    public RagAnswer(RagAnswer answer, Exception? problem)
    {
        ArgumentNullException.ThrowIfNull(answer);
        (Answer, _problem) = (answer, problem);
    }

    /// <summary>The answer: its text is the JSON that the model wrote, or <see cref="RedisInferOptions.NoContextText"/>.</summary>
    public RagAnswer Answer { get; }

    /// <summary>The passages that the value cites.</summary>
    public IReadOnlyList<RagCitation> Citations => Answer.Citations;

    /// <summary>
    /// Whether there is a value. There is none if no passage was retrieved (<see cref="RagFinishReason.NoContext"/>), or if a converter of
    /// <typeparamref name="T"/> refuses what is valid by its schema.
    /// </summary>
    public bool HasValue { get; }

    /// <summary>The value.</summary>
    /// <exception cref="InvalidOperationException">There is no value. The message says why.</exception>
    public T Value => HasValue ? _value! : throw new InvalidOperationException(
        _problem is null
            ? $"The answer has no value, because it ended with {Answer.FinishReason}. Check HasValue first."
            : $"The answer's text cannot be read as {typeof(T).Name}: {_problem.Message}",
        _problem);
}
