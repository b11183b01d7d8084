using System.CommandLine;
using Samples.Common;
using WebChat;

var address = new Option<string>("--url")
{
    Description = "Address to listen on. Others than this machine's own can be reached by everyone in the network",
    DefaultValueFactory = _ => "http://127.0.0.1:5080",
};
address.Validators.Add(result =>
{
    if (!Uri.TryCreate(result.GetValueOrDefault<string>(), UriKind.Absolute, out Uri? url) || url.Scheme != Uri.UriSchemeHttp)
    {
        result.AddError("--url must be an address such as http://127.0.0.1:5080.");
    }
});
var root = new RootCommand("Serves a page that answers questions about a folder of documents.") { address };
var arguments = new ServerArguments(root);
root.SetAction((parsed, cancellationToken) => ChatServer.RunAsync(arguments.Read(parsed), new Uri(parsed.GetRequiredValue(address)), cancellationToken));
return await root.Parse(args).InvokeAsync();
