using ConsoleDemo;

return await DemoCommandLine.RunAsync(args);
