using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>Defines, parses and validates the command line.</summary>
internal static class DemoCommandLine
{
    private static readonly Option<string?> Model = Path("--model", "FILE", "GGUF model that answers (default: the demo's own)");
    private static readonly Option<string?> EmbeddingModel =
        Path("--embedding-model", "FILE", "GGUF embedding model (default: the demo's own, if it was built)");
    private static readonly Option<string?> Engine = Option<string?>(
        "--engine", "NAME", "Engine that runs the models: llama (the default) or llamasharp", ReadEngine);

    private static readonly Option<bool> WordsOnly = new("--words-only")
    {
        Description = "Find passages by words alone, without an embedding model",
        Recursive = true,
    };

    private static readonly Option<string?> RerankModel =
        Path("--rerank-model", "FILE", "GGUF re-ranker that orders what the search found (default: none)");
    private static readonly Option<string?> Docs = Path("--docs", "DIR", "Folder to index (default: the handbook beside the demo)");
    private static readonly Option<string?> Data =
        Path("--data", "DIR", "Folder in which the embedded server keeps its data (default: in memory only)");
    private static readonly Option<string?> Redis = Text("--redis", "HOST:PORT", "Redis to use in place of the embedded server");
    private static readonly Option<string?> Corpus =
        Text("--corpus", "NAME", "Name of the corpus on the server (default: made from the folder and the models)");
    private static readonly Option<int?> TopK = Option("--top-k", "N", "Most passages per question", ReadPassageCount);
    private static readonly Option<string[]> Paths = new("--path")
    {
        HelpName = "PATTERN",
        Description = "Paths that may give passages, such as guides/**/*.md (may be given several times; default: all)",
        Recursive = true,
    };

    private static readonly Option<int?> Neighbors =
        Option("--neighbors", "N", "Chunks before and after each passage to give too", ReadNeighborCount);

    private static readonly Option<bool> Reembed = new("--reembed")
    {
        Description = "Embed a corpus that was made with another embedding model anew",
        Recursive = true,
    };

    private static readonly Option<bool> Rechunk = new("--rechunk")
    {
        Description = "Cut the texts of a corpus that an earlier release made anew",
        Recursive = true,
    };

    private static readonly Option<bool> Verbose = new("--verbose") { Description = "Show logs on the error stream", Recursive = true };
    private static readonly Option<bool> Json = new("--json") { Description = "Print one JSON line and nothing else" };
    private static readonly Option<string?> Questions = new("--questions")
    {
        HelpName = "FILE",
        Description = "Questions, one a line: plain, or JSON with the property \"question\", and \"paths\" of the documents that answer it",
        Required = true,
    };

    private static readonly Option<string?> SearchQuestions = new("--questions")
    {
        HelpName = "FILE",
        Description = "Questions, one a line: plain, or JSON with the property \"question\". Prints one JSON line for each",
    };

    private static readonly Argument<string> Question = new("question") { Description = "The question" };
    private static readonly Argument<string?> SearchQuestion = new("question")
    {
        Description = "The question",
        Arity = ArgumentArity.ZeroOrOne,
    };

    public static async Task<int> RunAsync(string[] args)
    {
        // A question may begin with @. Without this setting, it would be taken for the name of a file with more arguments.
        ParseResult parsed = Create().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Errors.Count > 0)
        {
            return ErrorLine.Write(string.Join(' ', parsed.Errors.Select(error => error.Message)), ErrorLine.UsageStatus);
        }

        // The host handles Ctrl+C itself, and the demo prints each error as one line.
        return await parsed.InvokeAsync(new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            ProcessTerminationTimeout = null,
        });
    }

    private static RootCommand Create()
    {
        Question.Validators.Add(RefuseEmptyQuestion);
        SearchQuestion.Validators.Add(RefuseEmptyQuestion);

        Paths.Validators.Add(result =>
        {
            if (new RagFilter { Paths = [.. result.Tokens.Select(token => token.Value)] }.FindProblem() is { } problem)
            {
                result.AddError($"--path: {problem}");
            }
        });

        var ask = new Command("ask", "Answer one question") { Question, Json };
        ask.SetAction((parsed, _) => AskCommand.RunAsync(Read(parsed), parsed.GetRequiredValue(Question), parsed.GetValue(Json)));

        var search = new Command("search", "Show which passages a question finds, without answering it") { SearchQuestion, SearchQuestions, Json };
        search.SetAction((parsed, _) => parsed.GetValue(SearchQuestions) is { } file
            ? SearchCommand.RunAllAsync(Read(parsed), file)
            : SearchCommand.RunAsync(Read(parsed), parsed.GetValue(SearchQuestion)!, parsed.GetValue(Json)));

        var scan = new Command("scan", "Show what of the folder would be indexed, and what not, and why") { Json };
        scan.SetAction((parsed, cancellationToken) => ScanCommand.RunAsync(Read(parsed), parsed.GetValue(Json), cancellationToken));

        var evaluate = new Command("evaluate", "Measure what is found, and what computing passages without each other would cost") { Questions };
        evaluate.SetAction((parsed, _) => EvaluateCommand.RunAsync(Read(parsed), parsed.GetRequiredValue(Questions)!));

        var root = new RootCommand("Answers questions about a folder of documents, inside this process.")
        {
            ask, search, scan, evaluate, Model, EmbeddingModel, Engine, WordsOnly, RerankModel, Redis, Docs, Data, Corpus, TopK, Paths, Neighbors, Reembed,
            Rechunk,
            Verbose,
        };
        search.Validators.Add(RequireOneQuestionOrFile);
        foreach (Command command in (Command[])[root, ask, search, scan, evaluate])
        {
            command.Validators.Add(RefuseContradictions);
        }

        root.SetAction((parsed, _) => InteractiveSession.RunAsync(Read(parsed)));
        return root;
    }

    private static void RefuseEmptyQuestion(ArgumentResult result)
    {
        if (result.Tokens.Count > 0 && string.IsNullOrWhiteSpace(result.Tokens[0].Value))
        {
            result.AddError("The question is empty: ask something.");
        }
    }

    private static void RequireOneQuestionOrFile(CommandResult command)
    {
        if (command.GetValue(SearchQuestion) is null == command.GetValue(SearchQuestions) is null)
        {
            command.AddError("Give either a question or a file with questions (--questions).");
        }
    }

    private static void RefuseContradictions(CommandResult command)
    {
        if (command.GetValue(WordsOnly) && command.GetValue(EmbeddingModel) is not null)
        {
            command.AddError("--words-only searches without an embedding model: leave out --embedding-model.");
        }

        if (command.GetValue(Redis) is not null && command.GetValue(Data) is not null)
        {
            command.AddError("--data is where the embedded server keeps its data: leave it out with --redis.");
        }
    }

    private static DemoOptions Read(ParseResult parsed)
    {
        var defaults = new DemoOptions();
        return defaults with
        {
            Engine = parsed.GetValue(Engine) ?? defaults.Engine,
            ModelPath = parsed.GetValue(Model) ?? defaults.ModelPath,
            WordsOnly = parsed.GetValue(WordsOnly),
            EmbeddingModelPath = parsed.GetValue(WordsOnly) ? null : parsed.GetValue(EmbeddingModel) ?? defaults.EmbeddingModelPath,
            RerankModelPath = parsed.GetValue(RerankModel),
            Redis = parsed.GetValue(Redis),
            Docs = parsed.GetValue(Docs) ?? defaults.Docs,
            Data = parsed.GetValue(Data),
            Corpus = parsed.GetValue(Corpus),
            TopK = parsed.GetValue(TopK),
            Paths = parsed.GetValue(Paths) ?? [],
            Neighbors = parsed.GetValue(Neighbors),
            Reembed = parsed.GetValue(Reembed),
            Rechunk = parsed.GetValue(Rechunk),
            Verbose = parsed.GetValue(Verbose),
        };
    }

    private static Option<string?> Text(string name, string helpName, string description) =>
        Option<string?>(name, helpName, description, (value, result) =>
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                result.AddError($"{name} is empty: give {helpName}.");
            }

            return value;
        });

    private static Option<string?> Path(string name, string helpName, string description) =>
        Option<string?>(name, helpName, description, (value, result) =>
        {
            if (!string.IsNullOrWhiteSpace(value))
            {
                return System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(value));
            }

            result.AddError($"{name} is empty: give {helpName}.");
            return null;
        });

    private static string? ReadEngine(string value, ArgumentResult result)
    {
        if (value is not (DemoOptions.OwnEngine or DemoOptions.LLamaSharpEngine))
        {
            result.AddError($"--engine is '{value}': give {DemoOptions.OwnEngine} or {DemoOptions.LLamaSharpEngine}.");
        }

        return value;
    }

    private static int? ReadPassageCount(string value, ArgumentResult result)
    {
        if (int.TryParse(value, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= DemoOptions.MostPassages)
        {
            return count;
        }

        result.AddError($"--top-k is '{value}': give 1 to {DemoOptions.MostPassages} passages.");
        return null;
    }

    private static int? ReadNeighborCount(string value, ArgumentResult result)
    {
        if (int.TryParse(value, CultureInfo.InvariantCulture, out int count) && count is >= 0 and <= DemoOptions.MostNeighbors)
        {
            return count;
        }

        result.AddError($"--neighbors is '{value}': give 0 to {DemoOptions.MostNeighbors} chunks.");
        return null;
    }

    private static Option<T> Option<T>(string name, string helpName, string description, Func<string, ArgumentResult, T> read) => new(name)
    {
        HelpName = helpName,
        Description = description,
        Recursive = true,
        CustomParser = result => read(result.Tokens[0].Value, result),
    };
}
