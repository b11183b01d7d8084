using System.Runtime.ExceptionServices;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Corpus;

/// <summary>The result of loading a chunk. A damaged chunk is an error only for a caller that needs it.</summary>
/// <param name="Chunk">The chunk; <see langword="null"/> if it is gone or damaged.</param>
/// <param name="Problem">Why the stored record cannot be trusted.</param>
internal readonly record struct LoadedChunk(StoredChunk? Chunk, RedisInferException? Problem)
{
    /// <summary>Returns the chunk, or throws its problem.</summary>
    public StoredChunk? Get()
    {
        if (Problem is not null)
            ExceptionDispatchInfo.Throw(Problem);
        return Chunk;
    }
}
