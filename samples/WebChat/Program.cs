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
var cluster = new Option<bool>("--cluster") { Description = "Answer together with other servers on the same --redis, each with a --url of its own" };
var root = new RootCommand("Serves a page that answers questions about a folder of documents.") { address, cluster };
var arguments = new ServerArguments(root);
root.Validators.Add(result =>
{
    if (result.GetValue(cluster) && !arguments.NamesRedis(result))
    {
        result.AddError("--cluster needs --redis: the servers find each other there.");
    }
});
root.SetAction((parsed, cancellationToken) => ChatServer.RunAsync(
    arguments.Read(parsed), new Uri(parsed.GetRequiredValue(address)), parsed.GetValue(cluster), cancellationToken));
return await root.Parse(args).InvokeAsync();
