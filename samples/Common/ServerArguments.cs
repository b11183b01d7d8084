using System.CommandLine;
using System.CommandLine.Parsing;

namespace Samples.Common;

/// <summary>The options that all servers among the samples have.</summary>
internal sealed class ServerArguments
{
    private readonly Option<DirectoryInfo> _docs = new Option<DirectoryInfo>("--docs")
    {
        Description = "Folder of documents (default: the handbook beside the program)",
        DefaultValueFactory = _ => new DirectoryInfo(DemoModel.HandbookPath),
    }.AcceptExistingOnly();

    private readonly Option<FileInfo> _model =
        new Option<FileInfo>("--model") { Description = "GGUF model that answers (default: the demo's own)" }.AcceptExistingOnly();

    private readonly Option<FileInfo> _embeddingModel =
        new Option<FileInfo>("--embedding-model") { Description = "GGUF embedding model (default: the demo's own, if it was built)" }.AcceptExistingOnly();

    private readonly Option<DirectoryInfo?> _data =
        new("--data") { Description = "Folder in which the embedded server keeps its data (default: in memory only)" };

    private readonly Option<string?> _redis = new("--redis") { HelpName = "HOST:PORT", Description = "Redis to use in place of the embedded server" };

    /// <summary>Adds the options to a command.</summary>
    public ServerArguments(Command command)
    {
        foreach (Option option in (Option[])[_docs, _model, _embeddingModel, _data, _redis])
        {
            command.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(_redis) is not null && result.GetValue(_data) is not null)
            {
                result.AddError("--data is where the embedded server keeps its data: leave it out with --redis.");
            }
        });
    }

    /// <summary>Whether a server is named.</summary>
    public bool NamesRedis(SymbolResult result) => result.GetValue(_redis) is not null;

    /// <summary>What was given, with defaults filled in.</summary>
    public ServerOptions Read(ParseResult parsed) => new(
        Path.TrimEndingDirectorySeparator(parsed.GetRequiredValue(_docs).FullName),
        parsed.GetValue(_model)?.FullName ?? DemoModel.ModelPath,
        parsed.GetValue(_embeddingModel)?.FullName ?? DemoModel.EmbeddingModelPath,
        parsed.GetValue(_data)?.FullName,
        parsed.GetValue(_redis));
}
