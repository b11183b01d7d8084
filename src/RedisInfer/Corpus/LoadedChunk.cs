using System.Runtime.ExceptionServices;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Corpus;

/// <summary>What came of loading a chunk. One that is damaged matters only to whoever wants it.</summary>
/// <param name="Chunk">The chunk; <see langword="null"/> where there is none.</param>
/// <param name="Problem">Why what is stored is not to be trusted.</param>
internal readonly record struct LoadedChunk(StoredChunk? Chunk, RedisInferException? Problem)
{
    /// <summary>The chunk, or its problem thrown.</summary>
    public StoredChunk? Get()
    {
        if (Problem is not null)
            ExceptionDispatchInfo.Throw(Problem);
        return Chunk;
    }
}
