/** What an error says in every case, before its particular reason. */
export type Saying =
  | 'syntax'
  | 'content'
  | 'missing'
  | 'update'
  | 'value'
  | 'limit'
  | 'reference'
  | 'conflict'
  | 'in_use'
  | 'forbidden'
  | 'absent'
  | 'concurrent'
  | 'fault'
  | 'unavailable'

export const defaultLocale = 'en-US'

/** The sayings by language tag (BCP 47). */
export const sayings: Readonly<Record<string, Readonly<Record<Saying, string>>>> = {
  'en-US': {
    syntax: 'The request could not be parsed.',
    content: 'The request was syntactically correct but its content is semantically invalid.',
    missing: 'Required data is missing or empty.',
    update: 'The request tries to change what cannot be changed.',
    value: 'A value is empty or contains invalid data.',
    limit: 'The request is larger than a limit allows.',
    reference: 'An object that the request refers to was not found.',
    conflict: 'The request conflicts with an object that exists.',
    in_use: 'The object cannot be deleted because it is in use.',
    forbidden: 'The server understood the request but refuses to authorize it.',
    absent: 'The server did not find a current representation for the target resource.',
    concurrent: 'Another request is changing the same data. Try again.',
    fault: 'An internal fault occurred.',
    unavailable: 'The service is not available at the moment.',
  },
  de: {
    syntax: 'Die Anfrage konnte nicht gelesen werden.',
    content: 'Die Anfrage ist formal richtig, ihr Inhalt ist aber ungültig.',
    missing: 'Eine erforderliche Angabe fehlt oder ist leer.',
    update: 'Die Anfrage will etwas ändern, das sich nicht ändern lässt.',
    value: 'Ein Wert ist leer oder ungültig.',
    limit: 'Die Anfrage überschreitet eine Grenze.',
    reference: 'Ein Objekt, auf das sich die Anfrage bezieht, wurde nicht gefunden.',
    conflict: 'Die Anfrage steht im Widerspruch zu einem vorhandenen Objekt.',
    in_use: 'Das Objekt kann nicht gelöscht werden, weil es verwendet wird.',
    forbidden: 'Der Server hat die Anfrage verstanden, lässt sie aber nicht zu.',
    absent: 'Der Server hat unter dieser Adresse nichts gefunden.',
    concurrent: 'Eine andere Anfrage ändert gerade dieselben Daten. Bitte versuchen Sie es erneut.',
    fault: 'Ein interner Fehler ist aufgetreten.',
    unavailable: 'Der Dienst ist im Augenblick nicht verfügbar.',
  },
  fr: {
    syntax: "La requête n'a pas pu être lue.",
    content: 'La requête est bien formée, mais son contenu est invalide.',
    missing: 'Une donnée obligatoire est absente ou vide.',
    update: 'La requête tente de modifier ce qui ne peut pas être modifié.',
    value: 'Une valeur est vide ou invalide.',
    limit: 'La requête dépasse une limite.',
    reference: 'Un objet auquel la requête fait référence est introuvable.',
    conflict: 'La requête est en conflit avec un objet existant.',
    in_use: "L'objet ne peut pas être supprimé car il est utilisé.",
    forbidden: "Le serveur a compris la requête, mais refuse de l'autoriser.",
    absent: "Le serveur n'a rien trouvé à cette adresse.",
    concurrent: 'Une autre requête modifie les mêmes données. Veuillez réessayer.',
    fault: "Une erreur interne s'est produite.",
    unavailable: "Le service n'est pas disponible pour le moment.",
  },
  es: {
    syntax: 'No se pudo interpretar la solicitud.',
    content: 'La solicitud es sintácticamente correcta, pero su contenido no es válido.',
    missing: 'Falta un dato obligatorio o está vacío.',
    update: 'La solicitud intenta cambiar algo que no se puede cambiar.',
    value: 'Un valor está vacío o no es válido.',
    limit: 'La solicitud supera un límite.',
    reference: 'No se encontró un objeto al que hace referencia la solicitud.',
    conflict: 'La solicitud entra en conflicto con un objeto existente.',
    in_use: 'El objeto no se puede eliminar porque está en uso.',
    forbidden: 'El servidor entendió la solicitud, pero se niega a autorizarla.',
    absent: 'El servidor no encontró nada en esta dirección.',
    concurrent: 'Otra solicitud está modificando los mismos datos. Inténtelo de nuevo.',
    fault: 'Se produjo un error interno.',
    unavailable: 'El servicio no está disponible en este momento.',
  },
  it: {
    syntax: 'Impossibile interpretare la richiesta.',
    content: 'La richiesta è sintatticamente corretta, ma il suo contenuto non è valido.',
    missing: 'Un dato obbligatorio manca o è vuoto.',
    update: 'La richiesta tenta di modificare ciò che non può essere modificato.',
    value: 'Un valore è vuoto o non valido.',
    limit: 'La richiesta supera un limite.',
    reference: 'Un oggetto a cui la richiesta fa riferimento non è stato trovato.',
    conflict: 'La richiesta è in conflitto con un oggetto esistente.',
    in_use: "L'oggetto non può essere eliminato perché è in uso.",
    forbidden: 'Il server ha compreso la richiesta, ma rifiuta di autorizzarla.',
    absent: 'Il server non ha trovato nulla a questo indirizzo.',
    concurrent: "Un'altra richiesta sta modificando gli stessi dati. Riprovare.",
    fault: 'Si è verificato un errore interno.',
    unavailable: 'Il servizio non è al momento disponibile.',
  },
  'pt-BR': {
    syntax: 'Não foi possível interpretar a solicitação.',
    content: 'A solicitação está sintaticamente correta, mas seu conteúdo é inválido.',
    missing: 'Um dado obrigatório está ausente ou vazio.',
    update: 'A solicitação tenta alterar algo que não pode ser alterado.',
    value: 'Um valor está vazio ou é inválido.',
    limit: 'A solicitação excede um limite.',
    reference: 'Um objeto ao qual a solicitação se refere não foi encontrado.',
    conflict: 'A solicitação entra em conflito com um objeto existente.',
    in_use: 'O objeto não pode ser excluído porque está em uso.',
    forbidden: 'O servidor entendeu a solicitação, mas se recusa a autorizá-la.',
    absent: 'O servidor não encontrou nada neste endereço.',
    concurrent: 'Outra solicitação está alterando os mesmos dados. Tente novamente.',
    fault: 'Ocorreu um erro interno.',
    unavailable: 'O serviço não está disponível no momento.',
  },
  ja: {
    syntax: 'リクエストを解析できませんでした。',
    content: 'リクエストの構文は正しいですが、内容が無効です。',
    missing: '必須のデータがないか、空です。',
    update: '変更できない項目を変更しようとしています。',
    value: '値が空か、無効です。',
    limit: 'リクエストが上限を超えています。',
    reference: 'リクエストが参照するオブジェクトが見つかりませんでした。',
    conflict: 'リクエストは既存のオブジェクトと競合しています。',
    in_use: 'オブジェクトは使用中のため削除できません。',
    forbidden: 'サーバーはリクエストを理解しましたが、許可しません。',
    absent: 'このアドレスには何も見つかりませんでした。',
    concurrent: '別のリクエストが同じデータを変更しています。もう一度お試しください。',
    fault: '内部エラーが発生しました。',
    unavailable: 'サービスは現在利用できません。',
  },
}
