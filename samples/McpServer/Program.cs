using System.CommandLine;
using McpServer;
using Samples.Common;

var root = new RootCommand("Answers questions about a folder of documents, for clients of the Model Context Protocol on stdin and stdout.");
var arguments = new ServerArguments(root);
root.SetAction((parsed, cancellationToken) => FolderServer.RunAsync(arguments.Read(parsed), cancellationToken));

// Output is the protocol's, so help and errors must not be there.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = Console.Error });
