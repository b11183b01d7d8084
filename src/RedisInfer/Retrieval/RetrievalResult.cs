namespace RedisInfer.Retrieval;

/// <summary>What a search found.</summary>
/// <param name="Chunks">The chunks, best first.</param>
/// <param name="SearchTime">Time in vector searches.</param>
/// <param name="LoadTime">Time to read and check manifest and tokens.</param>
internal sealed record RetrievalResult(IReadOnlyList<RetrievedChunk> Chunks, TimeSpan SearchTime, TimeSpan LoadTime);
