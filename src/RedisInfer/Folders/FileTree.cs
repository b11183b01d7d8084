using System.Runtime.CompilerServices;
using RedisInfer.Errors;

namespace RedisInfer.Folders;

/// <summary>
/// Reads the text files of a folder and its subfolders, in the ordinal order of their paths. Holds one file in memory at a time.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A file is text if it is valid UTF-8 without NUL bytes, or UTF-16 or UTF-32 with a byte order mark.</item>
/// <item>Any other file is returned with a reason instead of a document. So is a file that is empty, too large, unreadable, or a link out
/// of the folder.</item>
/// <item>Files that <see cref="FileTreeOptions"/> leaves out are not returned.</item>
/// <item>Rules come from <c>.gitignore</c> files in the folder, not above it.</item>
/// </list>
/// </remarks>
internal static class FileTree
{
    /// <summary>Reads the folder.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="reader">Reads the files.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Observed between files and during the read of a file.</param>
    /// <returns>The documents, and the skipped files.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the options are invalid.</exception>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist or is a file. Or, after the last entry: no document
    /// in it was readable.
    /// </exception>
    public static IAsyncEnumerable<DocumentEntry> ReadAsync(
        string folder, DocumentFileReader reader, FileTreeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Checked(folder, options);
        return ReadCoreAsync(folder, reader, options, cancellationToken);
    }

    /// <summary>Counts what <see cref="ReadAsync"/> would return, without opening the files.</summary>
    /// <param name="folder">Path of the folder.</param>
    /// <param name="options">Which files to read; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Observed between files.</param>
    /// <returns>Number and size. Files may be added or removed before they are read.</returns>
    /// <exception cref="ArgumentException">The path is empty, or the options are invalid.</exception>
    /// <exception cref="RedisInferException">
    /// <see cref="RedisInferErrorCode.DocumentNotReadable"/>: the folder does not exist or is a file.
    /// </exception>
    public static FileTreeScan Scan(string folder, FileTreeOptions? options = null, CancellationToken cancellationToken = default)
    {
        options = Checked(folder, options);
        int files = 0;
        long bytes = 0;
        foreach (FolderItem item in new FolderWalker(ExistingFolder(folder), options).Walk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            files++;
            bytes += item.Bytes;
        }

        return new FileTreeScan(files, bytes);
    }

    private static async IAsyncEnumerable<DocumentEntry> ReadCoreAsync(
        string folder, DocumentFileReader reader, FileTreeOptions options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int documents = 0;
        DocumentEntry? firstSkipped = null;
        foreach (FolderItem item in new FolderWalker(ExistingFolder(folder), options).Walk())
        {
            cancellationToken.ThrowIfCancellationRequested();
            DocumentContent content = item.SkipReason is null
                ? await reader.ReadAsync(item.FullPath, item.Path, options.MaxFileBytes, cancellationToken).ConfigureAwait(false)
                : DocumentContent.Skipped(item.SkipReason);
            RagDocument? document = content.Text is null ? null : new RagDocument(item.Path, content.Text)
            {
                Title = content.Title,
                MediaType = content.MediaType,
                Blocks = content.Blocks,
            };
            var entry = new DocumentEntry(item.Path, document, content.SkipReason, item.Bytes)
            {
                IsUnreadable = item.IsUnreadable || content.IsUnreadable,
            };
            if (document is null)
                firstSkipped ??= entry;
            else
                documents++;
            yield return entry;
        }

        if (documents == 0)
            throw NothingToRead(folder, firstSkipped);
    }

    private static FileTreeOptions Checked(string folder, FileTreeOptions? options)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        options ??= new FileTreeOptions();
        string problems = string.Join(" ", options.Validate());
        return problems.Length == 0 ? options : throw new ArgumentException(problems, nameof(options));
    }

    private static string ExistingFolder(string folder)
    {
        if (Directory.Exists(folder))
            return Path.GetFullPath(folder);
        string problem = File.Exists(folder)
            ? $"'{folder}' is a file. Use the folder that contains it."
            : $"The folder '{folder}' does not exist (looked at '{Path.GetFullPath(folder)}'). Check the path.";
        throw new RedisInferException(RedisInferErrorCode.DocumentNotReadable, problem);
    }

    private static RedisInferException NothingToRead(string folder, DocumentEntry? skipped)
    {
        string found = skipped is null
            ? "It contains no files, apart from files that are hidden or ignored by its .gitignore rules"
            : $"All its files were skipped. The first is '{skipped.Path}': {skipped.SkipReason!.TrimEnd('.')}";
        return new RedisInferException(
            RedisInferErrorCode.DocumentNotReadable,
            $"There is no readable document in the folder '{folder}'. {found}. Use a folder with text files.");
    }
}
