namespace RedisInfer.Llama;

/// <summary>Receives the callbacks of llama.cpp while it loads a model.</summary>
internal sealed class LoadProgress(IProgress<float>? progress, CancellationToken cancellationToken)
{
    /// <summary>The exception of the progress receiver, which stopped the load.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary>Takes the share that is loaded.</summary>
    /// <returns>Whether the load may continue.</returns>
    internal bool Continue(float share)
    {
        // No exception may cross native frames.
        try
        {
            progress?.Report(Math.Clamp(share, 0f, 1f));
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }

        return !cancellationToken.IsCancellationRequested;
    }
}
