namespace WebChat;

/// <summary>How far the indexing is.</summary>
internal sealed record IndexingState(long Done, long Total, string Path);
