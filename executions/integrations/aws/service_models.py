"""The services' own models, as botocore ships them, and the names Step Functions gives their parts.

Step Functions shows members as the AWS SDK for Java 2 names them, with a capital first letter:
``SSEKMSKeyId`` is ``SsekmsKeyId``, ``MD5OfMessageBody`` is ``Md5OfMessageBody``, and an inner
capital stays (``ETag``, ``ChecksumCRC32``: recorded).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from botocore.exceptions import DataNotFoundError, UnknownServiceError
from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel

if TYPE_CHECKING:
    from botocore.model import StructureShape

_FOLDERS: Final = {
    "applicationdiscoveryservice": "discovery",
    "cloudwatchlogs": "logs",
    "cognitoidentityprovider": "cognito-idp",
    "configservice": "config",
    "costandusagereportservice": "cur",
    "costexplorer": "ce",
    "databasemigrationservice": "dms",
    "directoryservice": "ds",
    "directoryservicedata": "ds-data",
    "elasticloadbalancing": "elb",
    "elasticloadbalancingv2": "elbv2",
    "elasticmapreduce": "emr",
    "elasticsearchservice": "es",
    "eventbridge": "events",
    "iotdataplane": "iot-data",
    "iotjobsdataplane": "iot-jobs-data",
    "lexmodelbuildingservice": "lex-models",
    "lexmodelsv2": "lexv2-models",
    "lexruntimeservice": "lex-runtime",
    "lexruntimev2": "lexv2-runtime",
    "marketplaceentitlementservice": "marketplace-entitlement",
    "marketplacemetering": "meteringmarketplace",
    "migrationhub": "mgh",
    "pinpointsmsvoice": "sms-voice",
    "serverlessapplicationrepository": "serverlessrepo",
    "sfn": "stepfunctions",
    "simpledb": "sdb",
    "states": "stepfunctions",
}
"""Services whose name in a Resource is not the name of botocore's folder without its dashes."""
_LEADING_CAPITALS: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]+")
_WORD: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|\d+")


@lru_cache(maxsize=64)
def service_model(service: str) -> ServiceModel | None:
    """The model of the service that a Resource names so, or None where botocore has none."""
    name = _FOLDERS.get(service, service)
    loader = Loader()
    for folder in loader.list_available_services("service-2"):
        if folder == name or folder.replace("-", "") == name:
            try:
                return ServiceModel(loader.load_service_model(folder, "service-2"), folder)
            except (DataNotFoundError, UnknownServiceError):
                return None
    return None


@lru_cache(maxsize=512)
def operation_model(service: str, action: str) -> OperationModel | None:
    """The operation that a Resource's action (``putItem``) names, or None."""
    model = service_model(service)
    name = action[:1].upper() + action[1:]
    if model is None or name not in model.operation_names:
        return None
    return model.operation_model(name)


@lru_cache(maxsize=8192)
def shown(name: str) -> str:
    """A member's name as Step Functions shows it."""
    match = _LEADING_CAPITALS.match(name)
    return match[0].capitalize() + name[match.end() :] if match else name[:1].upper() + name[1:]


def member_names(shape: StructureShape) -> dict[str, str]:
    """From each name that a definition may use for a member of ``shape`` to botocore's own."""
    names = {name[:1].upper() + name[1:]: name for name in shape.members}
    return names | {shown(name): name for name in shape.members}


@lru_cache(maxsize=128)
def sdk_name(service: str) -> str:
    """What errors of ``aws-sdk:service`` begin with: ``DynamoDb``, ``Sfn``, ``SecretsManager``."""
    model = service_model(service)
    identity = str(model.service_id) if model is not None else service
    return "".join(word.capitalize() for word in _WORD.findall(identity))
