"""Which services a Task's Resource may name: what AWS knows, whether or not it can be called here.

Sources: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html and, for
``aws-sdk``, the services that botocore has, each by all the names that an AWS SDK gives it.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio.asl.resource import Resource

_OPTIMIZED: Final[dict[str, frozenset[str]]] = {
    "apigateway": frozenset({"invoke"}),
    "athena": frozenset(),
    "batch": frozenset({"submitJob"}),
    "bedrock": frozenset(),
    "bedrockagentcore": frozenset({"invokeHarness"}),
    "codebuild": frozenset(),
    "databrew": frozenset({"startJobRun"}),
    "dynamodb": frozenset({"getItem", "putItem", "deleteItem", "updateItem"}),
    "ecs": frozenset({"runTask"}),
    "eks": frozenset(),
    "elasticmapreduce": frozenset(),
    "emr-containers": frozenset(),
    "emr-serverless": frozenset(),
    "events": frozenset({"putEvents"}),
    "glue": frozenset({"startJobRun"}),
    "http": frozenset({"invoke"}),
    "lambda": frozenset({"invoke"}),
    "mediaconvert": frozenset({"createJob"}),
    "sagemaker": frozenset(),
    "sns": frozenset({"publish"}),
    "sqs": frozenset({"sendMessage"}),
    "states": frozenset({"startExecution"}),
}
"""From a service to its actions. Where there are none, AWS adds to them, and any is taken."""

NATIVE: Final[dict[str, dict[str, frozenset[str]]]] = {
    "approval": {"request": frozenset({"waitForTaskToken"})},
    "celery": {"sendTask": frozenset({"", "sync", "waitForTaskToken"})},
    "email": {"send": frozenset({"", "waitForTaskToken"})},
    "sql": {"query": frozenset({""})},
}
"""Services that AWS does not have: from each to its actions, with the patterns of each."""

ENTRY_POINTS: Final = "stepwell.integrations"
"""The group of entry points in which packages name actions of their own: ``shop:charge``, and
``shop:charge.sync`` for a pattern that the action has."""

SDK_SERVICES: Final = frozenset(
    """
accessanalyzer account accountaccess accountaccessruntime acm acmpca agentregistry
agentregistrycontrol aiops amp amplify amplifybackend amplifyuibuilder apigateway
apigatewaymanagementapi apigatewayv2 appconfig appconfigdata appfabric appflow appintegrations
applicationautoscaling applicationcostprofiler applicationdiscovery applicationdiscoveryservice
applicationinsights applicationsignals appmesh apprunner appstream appsync arcregionswitch
arczonalshift artifact athena auditmanager autoscaling autoscalingplans b2bi backup
backupgateway backupsearch batch bcmdashboards bcmdataexports bcmpricingcalculator
bcmrecommendedactions bedrock bedrockagent bedrockagentcore bedrockagentcorecontrol
bedrockagentruntime bedrockdataautomation bedrockdataautomationruntime bedrockruntime billing
billingconductor braket budgets ce chatbot chime chimesdkidentity chimesdkmediapipelines
chimesdkmeetings chimesdkmessaging chimesdkvoice cleanrooms cleanroomsml cloud9 cloudcontrol
clouddirectory cloudformation cloudfront cloudfrontkeyvaluestore cloudhsm cloudhsmv2 cloudsearch
cloudsearchdomain cloudtrail cloudtraildata cloudwatch cloudwatchlogs cloudwatchomni
codeartifact codebuild codecatalyst codecommit codeconnections codedeploy codeguruprofiler
codegurureviewer codegurusecurity codepipeline codestarconnections codestarnotifications
cognitoidentity cognitoidentityprovider cognitoidp cognitosync comprehend comprehendmedical
computeoptimizer computeoptimizerautomation config configservice connect connectcampaigns
connectcampaignsv2 connectcases connectcontactlens connecthealth connectparticipant
connectscheduling continuum controlcatalog controltower costandusagereport
costandusagereportservice costexplorer costoptimizationhub cur customerprofiles
databasemigration databasemigrationservice databrew dataexchange datapipeline datasync datazone
dax deadline detective devicefarm devopsagent devopsguru directconnect directory
directoryservice directoryservicedata discovery dlm dms docdb docdbelastic drs ds dsdata dsql
dynamodb dynamodbstreams ebs ec2 ec2instanceconnect ecr ecrpublic ecs efs eks eksauth
elasticache elasticbeanstalk elasticloadbalancing elasticloadbalancingv2 elasticmapreduce
elasticsearch elasticsearchservice elb elbv2 elementalinference emr emrcontainers emrserverless
endusermessaging entityresolution es eventbridge eventbridgev2 events evs firehose fis fms
forecast forecastquery frauddetector freetier fsx gamelift gameliftstreams geomaps geoplaces
georoutes glacier globalaccelerator glue grafana greengrass greengrassv2 groundstation guardduty
health healthlake iam iamtoolbox identitystore imagebuilder importexport inspector inspector2
inspectorscan interconnect internetmonitor invoicing iot iotdata iotdataplane iotdeviceadvisor
iotfleetwise iotjobsdata iotjobsdataplane iotmanagedintegrations iotsecuretunneling iotsitewise
iotthingsgraph iottwinmaker iotwireless ivs ivschat ivsrealtime kafka kafkaconnect kendra
kendraranking keyspaces keyspacesstreams kinesis kinesisanalytics kinesisanalyticsv2
kinesisvideo kinesisvideoarchivedmedia kinesisvideomedia kinesisvideosignaling
kinesisvideowebrtcstorage kms lakeformation lambda lambdacore lambdamicrovms lambdaweb
launchwizard lexmodelbuilding lexmodelbuildingservice lexmodels lexmodelsv2 lexruntime
lexruntimeservice lexruntimev2 lexv2models lexv2runtime licensemanager
licensemanagerlinuxsubscriptions licensemanagerusersubscriptions lightsail location logs
lookoutequipment m2 machinelearning macie2 mailmanager managedblockchain managedblockchainquery
marketplaceagreement marketplacecatalog marketplacecommerceanalytics marketplacedeployment
marketplacediscovery marketplaceentitlement marketplaceentitlementservice marketplacemetering
marketplacereporting mediaconnect mediaconvert medialive mediapackage mediapackagev2
mediapackagevod mediastore mediastoredata mediatailor medicalimaging memorydb
meteringmarketplace mgh mgn migrationhub migrationhubconfig migrationhuborchestrator
migrationhubrefactorspaces migrationhubstrategy mpa mq mturk mwaa mwaaserverless neptune
neptunedata neptunegraph networkfirewall networkflowmonitor networkmanager networkmonitor
networksecuritymanager notifications notificationscontacts novaact oam observabilityadmin odb
omics opensearch opensearchmemory opensearchserverless organizations osis outposts
partnercentralaccount partnercentralbenefits partnercentralchannel
partnercentralrevenuemeasurement partnercentralselling paymentcryptography
paymentcryptographydata pcaconnectorad pcaconnectorscep pcs personalize personalizeevents
personalizeruntime pi pinpoint pinpointemail pinpointsmsvoice pinpointsmsvoicev2 pipes polly
pricing pricingplanmanager proton qapps qbusiness qconnect quicksight ram rbin rds rdsdata
redshift redshiftdata redshiftserverless rekognition repostspace resiliencehub resiliencehubv2
resourceexplorer2 resourcegroups resourcegroupstaggingapi rolesanywhere route53 route53domains
route53globalresolver route53profiles route53recoverycluster route53recoverycontrolconfig
route53recoveryreadiness route53resolver rtbfabric rum s3 s3control s3files s3outposts s3tables
s3vectors sagemaker sagemakera2iruntime sagemakeredge sagemakerfeaturestoreruntime
sagemakergeospatial sagemakerinferencerouterruntime sagemakerjobruntime sagemakermetrics
sagemakerruntime sagemakertrainingsessionruntime savingsplans scheduler schemas sdb
secretsmanager securityagent securityhub securityir securitylake serverlessapplicationrepository
serverlessrepo servicecatalog servicecatalogappregistry servicediscovery servicequotas ses sesv2
sfn shield signer signerdata signin simpledb simpledbv2 smsvoice snowball snowdevicemanagement
sns socialmessaging sqs ssm ssmcontacts ssmguiconnect ssmincidents ssmquicksetup ssmsap sso
ssoadmin ssooidc states stepfunctions storagegateway sts supplychain support supportapp
supportauthz sustainability swf synthetics taxsettings textract timestreaminfluxdb
timestreamquery timestreamwrite transcribe transfer translate trustedadvisor uxc
verifiedpermissions voiceid vpclattice waf wafregional wafv2 wellarchitected wickr wisdom
workdocs workmail workmailmessageflow workspaces workspacesinstances workspacesthinclient
workspacesweb xray
""".split()  # noqa: SIM905 - a quoted list would be five times as long
)
"""Without dashes, as in a Resource."""


@lru_cache(maxsize=1)
def installed_actions() -> dict[str, str]:
    """Actions that installed packages add, each with the dotted path of its class.

    A name of AWS's, or of a service that comes with Stepwell, is not theirs to give.
    """
    return {
        point.name: point.value.replace(":", ".")
        for point in entry_points(group=ENTRY_POINTS)
        if point.name.partition(":")[0] not in _OPTIMIZED.keys() | NATIVE.keys()
    }


def is_known(resource: Resource) -> bool:
    """Whether AWS has such a service, and of the small ones such an action, or Stepwell has."""
    if resource.kind == "aws-sdk":
        return resource.service.replace("-", "") in SDK_SERVICES
    if resource.kind == "service":
        if resource.service in NATIVE:
            return resource.pattern in NATIVE[resource.service].get(resource.action, ())
        actions = _OPTIMIZED.get(resource.service)
        if actions is None:
            ending = f".{resource.pattern}" if resource.pattern else ""
            return f"{resource.service}:{resource.action}{ending}" in installed_actions()
        return not actions or resource.action in actions
    return True
