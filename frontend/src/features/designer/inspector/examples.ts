/** An example of each field, and where the Amazon States Language specifies it. */

export const SPECIFICATION = 'https://states-language.net/spec.html';

interface Example {
  example: string;
  anchor?: string;
}

const FILTERS = 'filters';
const of = (example: string, anchor?: string): Example => ({
  example,
  ...(anchor !== undefined && { anchor }),
});

export const EXAMPLES: Readonly<Record<string, Example>> = {
  Resource: of(
    'arn:aws:states:::lambda:invoke\narn:aws:lambda:us-east-1:123456789012:function:charge\narn:aws:states:::sqs:sendMessage.waitForTaskToken',
    'task-state',
  ),
  Credentials: of('{ "RoleArn": "arn:aws:iam::123456789012:role/billing" }'),
  InputPath: of(
    '$.order    only the order goes in\n$          everything (the usual)\nnull       an empty object',
    FILTERS,
  ),
  Parameters: of(
    '{\n  "FunctionName": "charge",\n  "Payload": { "order.$": "$.order" }\n}',
    FILTERS,
  ),
  Arguments: of(
    '{\n  "FunctionName": "charge",\n  "Payload": "{% $states.input.order %}"\n}',
    FILTERS,
  ),
  ResultSelector: of('{ "reference.$": "$.Payload.reference" }', FILTERS),
  ResultPath: of(
    '$.payment  beside the input\n$          in place of the input (the usual)\nnull       the result is dropped',
    FILTERS,
  ),
  OutputPath: of('$.order    only the order goes on\n$          everything (the usual)', FILTERS),
  Output: of('{ "paid": "{% $states.result.ok %}" }', FILTERS),
  Assign: of(
    '{ "customer.$": "$.order.customer" }\n{ "customer": "{% $states.input.customer %}" }',
  ),
  Result: of('{ "status": "accepted" }', 'pass-state'),
  TimeoutSeconds: of('30\n$.timeout   from the input'),
  HeartbeatSeconds: of('10, less than the time-out'),
  Error: of('OutOfStock', 'fail-state'),
  Cause: of('There is no such tea left.', 'fail-state'),
  ErrorPath: of("$.problem.Error\nStates.Format('{}Failed', $.kind)", 'fail-state'),
  CausePath: of('$.problem.Cause', 'fail-state'),
  ItemsPath: of('$.order.items', 'map-state'),
  Items: of('{% $states.input.order.items %}', 'map-state'),
  ItemSelector: of(
    '{\n  "place.$": "$$.Map.Item.Index",\n  "item.$": "$$.Map.Item.Value"\n}',
    'map-state',
  ),
  MaxConcurrency: of(
    '5\n0           as many as there is room for (the usual)\n$.atOnce    from the input',
    'map-state',
  ),
  ToleratedFailurePercentage: of('10\n$.percent   from the input'),
  ToleratedFailureCount: of('100\n$.count     from the input'),
  Label: of('charges'),
  ProcessorConfig: of('{ "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" }', 'map-state'),
  ItemReader: of(
    '{\n  "Resource": "arn:aws:states:::s3:getObject",\n  "ReaderConfig": { "InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW" },\n  "Parameters": { "Bucket": "orders", "Key.$": "$.file" }\n}',
    'map-state',
  ),
  ItemsPointer: of('/orders     the list at this place of the JSON'),
  CSVHeaders: of('id, name, amount'),
  MaxItems: of('1000\n$.most      from the input'),
  ItemBatcher: of('{ "MaxItemsPerBatch": 100, "BatchInput": { "day.$": "$.day" } }', 'map-state'),
  MaxItemsPerBatch: of('100\n$.size      from the input'),
  MaxInputBytesPerBatch: of('131072, at most 262144'),
  BatchInput: of('{ "day.$": "$.day" }'),
  ResultWriter: of(
    '{\n  "Resource": "arn:aws:states:::s3:putObject",\n  "Parameters": { "Bucket": "results", "Prefix": "runs" }\n}',
    'map-state',
  ),
  JitterStrategy: of(
    'FULL        a wait by chance, up to the one computed\nNONE        exactly that long',
  ),
  Timestamp: of('2030-01-01T09:00:00Z', 'wait-state'),
  Seconds: of('300', 'wait-state'),
};
