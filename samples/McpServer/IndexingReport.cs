using ModelContextProtocol;
using RedisInfer;

namespace McpServer;

/// <summary>Tells a client how far the indexing is. Each report is larger than the one before, as the protocol asks.</summary>
internal sealed class IndexingReport(IProgress<ProgressNotificationValue> client) : IProgress<IndexingProgress>
{
    private long _files;

    public void Report(IndexingProgress value)
    {
        if (value.FilesDone > _files)
        {
            _files = value.FilesDone;
            client.Report(new ProgressNotificationValue { Progress = value.FilesDone, Total = value.FilesTotal, Message = "Reading the documents" });
        }
    }
}
